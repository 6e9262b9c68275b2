import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { createDeviceChallengeRoute } from "./api.ts";
import { issueDeviceNonce } from "./device-nonce.ts";

export async function createDeviceChallenge(
  { caller }: OperationRequest<typeof createDeviceChallengeRoute>,
  { secret, now }: { secret: ReadSecret; now: Clock },
): Promise<{ nonce: string; expiresAt: string }> {
  const key = await secret("device-nonce");
  const { nonce, expiresAtMs } = issueDeviceNonce(caller.memberId, key, now());
  return { nonce, expiresAt: toRfc3339(expiresAtMs) };
}
