import type { ReadAccessItem } from "../access/access-item.ts";
import { auditPut } from "../audit/record.ts";
import { forgettableSessions } from "../auth/end-session.ts";
import { endIfAlive, sessionsToEnd } from "../auth/other-sessions.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { SessionStore } from "../auth/session-store.ts";
import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { notMeTicket } from "../mfa/factor-change.ts";
import { putChallenge } from "../mfa/finish-sign-in.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { hasTotpFactor, withDevices } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { registerTrustedDeviceRoute } from "./api.ts";
import type { Device } from "./device.ts";
import { deviceIdOf, deviceLifetimeMs, devicesMax, toDeviceView } from "./device.ts";
import { readDeviceNonce } from "./device-nonce.ts";
import { verifyDeviceProof } from "./device-proof.ts";
import type { DeviceStore } from "./store.ts";
import { putDevice } from "./store.ts";

export interface DeviceDependencies {
  devices: DeviceStore;
  accessItem: ReadAccessItem;
  secret: ReadSecret;
  issuer: string;
  tables: { identity: string; audit: string };
  now: Clock;
}

/**
 * Binds a device's key as a second factor: from then on password and proof make a session at `aal2`
 * (SP 800-63B-4 section 3.1.6). What the device keeps never leaves it, so nothing that can be stolen
 * from a server or a cookie stands in for it.
 *
 * @throws Problem `invalid-device-proof` (also for a nonce that was used, or a key that is bound
 * already), `second-factor-needed`, `too-many-factors`, `contention`
 */
export async function registerTrustedDevice(
  { body, caller, origin }: OperationRequest<typeof registerTrustedDeviceRoute>,
  {
    devices,
    sessions,
    accessItem,
    secret,
    issuer,
    tables,
    now,
  }: DeviceDependencies & { sessions: SessionStore },
): Promise<OperationBody<typeof registerTrustedDeviceRoute>> {
  const { manufacturerId, memberId } = caller;
  const { publicKeyJwk: publicJwk, label } = body;
  const nowMs = now();
  const deviceId = await deviceIdOf(publicJwk);
  const signed = await verifyDeviceProof(body.proof, {
    deviceId,
    publicJwk,
    audience: issuer,
    nowMs,
  });
  const nonce = signed && (await readDeviceNonce(signed, memberId, secret, nowMs));
  if (!nonce) throw new Problem("invalid-device-proof");
  const item = await accessItem(manufacturerId, memberId, false);
  const seen = item?.secondFactors;
  if (!seen || !hasTotpFactor(seen)) throw new Problem("second-factor-needed");
  const alive = await devices.listDevices(memberId);
  if (alive.length >= devicesMax) throw new Problem("too-many-factors");
  const device: Device = {
    deviceId,
    memberId,
    manufacturerId,
    publicJwk,
    label,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + deviceLifetimeMs,
  };
  // Devices that have expired leave the summary on the way.
  const next = withDevices(seen, [...alive, device]);
  const endedSessionIds = await sessionsToEnd(
    caller,
    { validFromMs: item.sessionsValidFromMs, keepOthers: body.endOtherSessions === false },
    sessions,
  );
  const link = notMeTicket(
    tables.identity,
    caller,
    { kind: "device-registered", deviceId },
    { ticketKey: await secret("ticket"), nowMs },
  );
  const outcome = await devices.commitAs(caller, [
    putChallenge(tables.identity, memberId, nonce.nonceId, nonce.expiresAtMs),
    putDevice(tables.identity, device),
    changeMember(
      tables.identity,
      caller,
      {
        secondFactors: { seen, next },
        endedSessionIds,
        forgottenSessionIds: forgettableSessions(item, nowMs),
      },
      { provenAtMs: caller.sessionStartedAtMs, nowMs },
    ),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "devices.device.registered",
      outcome: "success",
      origin,
      timeMs: nowMs,
      details: { deviceId, ticketId: link.ticketId },
    }),
    link.statement,
    ...endedSessionIds.map((id) => endIfAlive(tables.identity, memberId, id, nowMs)),
  ]);
  if (outcome.committed) return toDeviceView(device);
  throw new Problem(
    outcome.failed.has(0) || outcome.failed.has(1) ? "invalid-device-proof" : "contention",
  );
}
