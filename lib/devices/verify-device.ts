import type { RecordFailure } from "../audit/record.ts";
import type { Caller, OperationBody, OperationRequest } from "../http/request.ts";
import { putChallenge } from "../mfa/finish-sign-in.ts";
import type { verifyDeviceRoute } from "./api.ts";
import { readDeviceNonce } from "./device-nonce.ts";
import { verifyDeviceProof } from "./device-proof.ts";
import type { DeviceDependencies } from "./register-trusted-device.ts";
import { useDevice } from "./store.ts";

type Verdict = OperationBody<typeof verifyDeviceRoute>;

/** A check, not a command: a device that is not trusted is a verdict. Each nonce is good for one. */
export async function verifyDevice(
  { params, body, caller, origin }: OperationRequest<typeof verifyDeviceRoute>,
  dependencies: Omit<DeviceDependencies, "accessItem"> & { recordFailure: RecordFailure },
): Promise<Verdict> {
  const { recordFailure, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const verdict = await check(params.deviceId, body.proof, caller, dependencies);
  if (!verdict.trusted) {
    await recordFailure({
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "devices.proof.refused",
      origin,
      timeMs: now(),
      details: { deviceId: params.deviceId, reason: verdict.reason ?? "" },
    });
  }
  return verdict;
}

async function check(
  deviceId: string,
  proof: string,
  caller: Caller,
  { devices, secret, issuer, tables, now }: Omit<DeviceDependencies, "accessItem">,
): Promise<Verdict> {
  const { memberId } = caller;
  const device = await devices.readDevice(memberId, deviceId);
  if (!device) return { trusted: false, reason: "unknown-device" };
  const nowMs = now();
  const signed = await verifyDeviceProof(proof, {
    deviceId,
    publicJwk: device.publicJwk,
    audience: issuer,
    nowMs,
  });
  const nonce = signed && (await readDeviceNonce(signed, memberId, secret, nowMs));
  if (!nonce) return { trusted: false, reason: "invalid-proof" };
  const outcome = await devices.commitAs(caller, [
    putChallenge(tables.identity, memberId, nonce.nonceId, nonce.expiresAtMs),
    useDevice(tables.identity, device, nowMs),
  ]);
  if (outcome.committed) return { trusted: true };
  return { trusted: false, reason: outcome.failed.has(0) ? "replayed" : "unknown-device" };
}
