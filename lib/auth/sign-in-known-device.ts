import { setTimeout as pause } from "node:timers/promises";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { signInKnownDeviceRoute } from "./api.ts";
import type { KnownDevice } from "./known-devices.ts";
import { hashDeviceToken } from "./known-devices.ts";
import type { SignInAnswer, SignInDependencies } from "./sign-in.ts";
import { signInCharged } from "./sign-in.ts";
import type { Login } from "./store.ts";
import { tooManyAttempts } from "./too-many-attempts.ts";

/**
 * Signs a member in from a device that has signed in before. A function of its own with concurrency of
 * its own: the device's token is proven by the statement that charges its attempt, before a password is
 * hashed, so that strangers cannot keep members waiting. It answers an address that nobody has like one
 * that does not know the device.
 *
 * @throws Problem `unknown-device`, `invalid-credentials`; `too-many-attempts` while the device's other
 * attempts are under way
 */
export const signInKnownDevice = (
  request: OperationRequest<typeof signInKnownDeviceRoute>,
  dependencies: SignInDependencies,
): Promise<SignInAnswer> =>
  signInCharged(request, dependencies, (emailHash) =>
    chargeDevice(emailHash, request.body.knownDevice, dependencies),
  );

/** A sign-in takes less; a counter that nobody has touched for so long has no success under way. */
const underWayMs = 1500;
const pauseMs = 100;
const triesMax = 20;

/**
 * Charges the device. Where its attempts are used up this very moment, others may be about to succeed
 * and to set the counter back: those are waited for. Nobody can make others wait without the token.
 */
async function chargeDevice(
  emailHash: string,
  knownDevice: string,
  { auth, now }: SignInDependencies,
): Promise<Login> {
  const deviceHash = hashDeviceToken(knownDevice);
  for (let tries = 1; tries <= triesMax; tries++) {
    const charge = await auth.chargeKnownDevice(emailHash, deviceHash);
    if (charge.charged) return charge.login;
    if (!isUnderWay(charge.device, now())) throw unknownDevice();
    await pause(pauseMs * (0.5 + Math.random()));
  }
  throw tooManyAttempts({ charged: false, reason: "waiting", retryAfterMs: underWayMs });
}

const isUnderWay = (device: KnownDevice | undefined, nowMs: number): boolean =>
  device?.attemptedAtMs !== undefined && nowMs - device.attemptedAtMs < underWayMs;

const unknownDevice = (): Problem =>
  new Problem("unknown-device", { detail: "Sign in with POST /v1/auth/sign-in." });
