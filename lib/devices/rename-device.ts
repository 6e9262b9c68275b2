import { auditPut } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { renameDeviceRoute } from "./api.ts";
import { toDeviceView } from "./device.ts";
import type { DeviceStore } from "./store.ts";
import { relabelDevice } from "./store.ts";

export interface RenameDeviceDependencies {
  devices: DeviceStore;
  tables: { identity: string; audit: string };
  now: Clock;
}

/** @throws Problem `not-found` for a device that is not the caller's, revoked or expired */
export async function renameDevice(
  { params, body, caller, origin }: OperationRequest<typeof renameDeviceRoute>,
  { devices, tables, now }: RenameDeviceDependencies,
): Promise<OperationBody<typeof renameDeviceRoute>> {
  const { manufacturerId, memberId } = caller;
  const device = await devices.readDevice(memberId, params.deviceId);
  if (!device) throw new Problem("not-found");
  const outcome = await devices.commitAs(caller, [
    relabelDevice(tables.identity, device, body.label),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "devices.device.renamed",
      outcome: "success",
      origin,
      timeMs: now(),
      details: { deviceId: device.deviceId },
    }),
  ]);
  if (!outcome.committed) throw new Problem("not-found");
  return toDeviceView({ ...device, label: body.label });
}
