import { createHash } from "node:crypto";
import { newSecret } from "../id.ts";

/**
 * Devices that have signed in before, by the digest of a random token each holds. A known device has
 * an attempt counter of its own, so that strangers who know an e-mail address cannot shut its owner
 * out (OWASP, device cookies). It lifts the throttle and nothing else: it is no factor.
 */
export type KnownDevices = Record<string, { failures: number; lastUsedAtMs: number }>;

const devicesMax = 5;
export const attemptsPerDeviceMax = 5;
/** Together with all devices' attempts this makes 100 (SP 800-63B-4 section 3.2.2). */
export const attemptsByStrangersMax = 100 - devicesMax * attemptsPerDeviceMax;

export const hashDeviceToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

/**
 * Remembers the device of a successful sign-in and forgives its failures; a device without a token
 * gets one, and the one unused for longest makes room.
 */
export function rememberDevice(
  devices: KnownDevices,
  token: string | undefined,
  nowMs: number,
): { devices: KnownDevices; token: string } {
  const isKnown = token !== undefined && Object.hasOwn(devices, hashDeviceToken(token));
  const kept = isKnown ? token : newSecret();
  const others = Object.entries(devices)
    .filter(([hash]) => hash !== hashDeviceToken(kept))
    .sort(([, one], [, other]) => other.lastUsedAtMs - one.lastUsedAtMs)
    .slice(0, devicesMax - 1);
  return {
    devices: {
      ...Object.fromEntries(others),
      [hashDeviceToken(kept)]: { failures: 0, lastUsedAtMs: nowMs },
    },
    token: kept,
  };
}
