import type { ReadAccessItem } from "../access/access-item.ts";
import { auditPut } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { Problem } from "../problem.ts";
import type { revokeDeviceRoute } from "./api.ts";
import type { DeviceStore } from "./store.ts";
import { deleteDevice } from "./store.ts";

export interface RevokeDeviceDependencies {
  devices: DeviceStore;
  accessItem: ReadAccessItem;
  tables: { identity: string; audit: string };
  now: Clock;
}

/**
 * Takes a device's trust away, at once: no proof of it makes a session any more.
 *
 * @throws Problem `not-found` for a device that is not the caller's or is revoked already, `contention`
 */
export async function revokeDevice(
  { params, caller, requestId }: OperationRequest<typeof revokeDeviceRoute>,
  { devices, accessItem, tables, now }: RevokeDeviceDependencies,
): Promise<undefined> {
  const { manufacturerId, memberId } = caller;
  const { deviceId } = params;
  const seen = (await accessItem(manufacturerId, memberId, true))?.secondFactors;
  if (!seen?.deviceIds.includes(deviceId)) throw new Problem("not-found");
  const deviceIds = seen.deviceIds.filter((id) => id !== deviceId);
  const timeMs = now();
  const outcome = await devices.commit([
    changeMember(
      tables.identity,
      caller,
      { secondFactors: { seen, next: { ...seen, deviceIds } } },
      { provenAtMs: caller.sessionStartedAtMs, nowMs: timeMs },
    ),
    deleteDevice(tables.identity, { memberId, deviceId }),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "devices.device.revoked",
      outcome: "success",
      requestId,
      timeMs,
      details: { deviceId },
    }),
  ]);
  if (!outcome.committed) throw new Problem("contention");
}
