import type { RecordFailure } from "../audit/record.ts";
import { verifyDeviceProof } from "../devices/device-proof.ts";
import type { DeviceStore } from "../devices/store.ts";
import { useDevice } from "../devices/store.ts";
import type { OperationRequest } from "../http/request.ts";
import type { FinishDependencies } from "../mfa/finish-sign-in.ts";
import { finishSignIn } from "../mfa/finish-sign-in.ts";
import type { MfaTokenDependencies } from "../mfa/mfa-token.ts";
import { deviceNonceOf, readMfaToken } from "../mfa/mfa-token.ts";
import type { signInWithDeviceRoute } from "../mfa/sign-in-api.ts";
import { Problem } from "../problem.ts";
import type { Tokens } from "./session.ts";

/**
 * Finishes a sign-in with the proof of a trusted device over the mfa token itself, which makes
 * each proof good for one session.
 *
 * @throws Problem `invalid-mfa-token`, `invalid-device-proof` (unknown, revoked or expired devices too)
 */
export async function signInWithDevice(
  { body, origin }: OperationRequest<typeof signInWithDeviceRoute>,
  dependencies: MfaTokenDependencies &
    FinishDependencies & { devices: DeviceStore; recordFailure: RecordFailure },
): Promise<Tokens & { knownDevice?: string }> {
  const { devices, recordFailure, issuer, tables, now } = dependencies;
  const token = await readMfaToken(body.mfaToken, dependencies);
  const { memberId, manufacturerId } = token;
  const refuse = async () => {
    await recordFailure({
      manufacturerId,
      subjectId: memberId,
      action: "devices.proof.refused",
      origin,
      timeMs: now(),
      details: { deviceId: body.deviceId },
    });
    return new Problem("invalid-device-proof");
  };
  const device = await devices.readDevice(memberId, body.deviceId);
  const nonce =
    device &&
    (await verifyDeviceProof(body.proof, {
      deviceId: device.deviceId,
      publicJwk: device.publicJwk,
      audience: issuer,
      nowMs: now(),
    }));
  if (!device || nonce !== deviceNonceOf(body.mfaToken)) throw await refuse();
  return finishSignIn(
    token,
    {
      statement: useDevice(tables.identity, device, now()),
      refuse,
      method: "swk",
      deviceId: device.deviceId,
    },
    { origin },
    dependencies,
  );
}
