import type { ReadAccessItem } from "../access/access-item.ts";
import { auditPut } from "../audit/record.ts";
import { forgettableSessions } from "../auth/end-session.ts";
import { endIfAlive, sessionsToEnd } from "../auth/other-sessions.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { SessionStore } from "../auth/session-store.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { notMeTicket } from "../mfa/factor-change.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { withDevices } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { revokeDeviceRoute } from "./api.ts";
import type { Device } from "./device.ts";
import type { DeviceStore } from "./store.ts";
import { deleteDevice } from "./store.ts";

export interface RevokeDeviceDependencies {
  devices: DeviceStore;
  sessions: SessionStore;
  secret: ReadSecret;
  accessItem: ReadAccessItem;
  tables: { identity: string; audit: string };
  now: Clock;
}

/**
 * Takes a device's trust away, at once: no proof of it makes a session any more, the sessions that it
 * made end with it, and the caller's other ones too unless they are kept.
 *
 * @throws Problem `not-found` for a device that is not the caller's or is revoked already, `contention`
 */
export async function revokeDevice(
  { params, query, caller, origin }: OperationRequest<typeof revokeDeviceRoute>,
  { devices, sessions, accessItem, secret, tables, now }: RevokeDeviceDependencies,
): Promise<undefined> {
  const { manufacturerId, memberId } = caller;
  const { deviceId } = params;
  const item = await accessItem(manufacturerId, memberId, true);
  const seen = item?.secondFactors;
  if (!item || !seen?.deviceIds.includes(deviceId)) throw new Problem("not-found");
  // Read before its sessions: whatever it makes after this fails the transaction.
  const alive = await devices.listDevices(memberId);
  const endedSessionIds = await sessionsToEnd(
    caller,
    {
      validFromMs: item.sessionsValidFromMs,
      keepOthers: query.endOtherSessions === "false",
      deviceIds: [deviceId],
    },
    sessions,
  );
  const isRevoked = (device: Device) => device.deviceId === deviceId;
  const next = withDevices(
    seen,
    alive.filter((device) => !isRevoked(device)),
  );
  const timeMs = now();
  const link = notMeTicket(
    tables.identity,
    caller,
    { kind: "device-revoked", deviceId },
    { ticketKey: await secret("ticket"), nowMs: timeMs },
  );
  const outcome = await devices.commitAs(caller, [
    changeMember(
      tables.identity,
      caller,
      {
        secondFactors: { seen, next },
        endedSessionIds,
        forgottenSessionIds: forgettableSessions(item, timeMs),
      },
      { provenAtMs: caller.sessionStartedAtMs, nowMs: timeMs },
    ),
    deleteDevice(tables.identity, { memberId, deviceId, uses: alive.find(isRevoked)?.uses }),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "devices.device.revoked",
      outcome: "success",
      origin,
      timeMs,
      details: { deviceId, ticketId: link.ticketId },
    }),
    link.statement,
    ...endedSessionIds.map((id) => endIfAlive(tables.identity, memberId, id, timeMs)),
  ]);
  if (!outcome.committed) throw new Problem("contention");
}
