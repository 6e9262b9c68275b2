import { createHash } from "node:crypto";
import { newSecret } from "../id.ts";

/**
 * Devices that have signed in before, by the digest of a random token each holds. A known device has
 * an attempt counter of its own, so that strangers who know an e-mail address cannot shut its owner
 * out (OWASP, device cookies). It lifts the throttle and nothing else: it is no factor.
 */
export type KnownDevices = Record<string, KnownDevice>;

export interface KnownDevice {
  failures: number;
  lastUsedAtMs: number;
  /** Absent until an attempt is charged, and after each success. */
  attemptedAtMs?: number;
}

/** What a successful sign-in changes: one device comes or stays, at most one goes. */
export interface DeviceChange {
  hash: string;
  device: KnownDevice;
  forgottenHash: string | undefined;
}

export const devicesMax = 5;
export const attemptsPerDeviceMax = 5;
/** Wrong current passwords that a member's sessions may give in a row, all together. */
export const attemptsInSessionsMax = 5;

/**
 * Strangers have 65 attempts, then one in six days, and a clean slate when nobody has tried for thirty:
 * whoever is shut out by strangers is let in again without anybody's help. In thirty days that makes
 * 70, with all devices' and sessions' attempts 100 (SP 800-63B-4 section 3.2.2).
 */
export const attemptsByStrangersMax = 65;
export const beyondStrangersMax = {
  waitMs: 6 * 24 * 3_600_000,
  forgottenAfterMs: 30 * 24 * 3_600_000,
};

export const hashDeviceToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

/**
 * Remembers the device of a successful sign-in and forgives its failures; a device without a token
 * gets one, and where there are too many the one unused for longest makes room.
 */
export function rememberDevice(
  devices: KnownDevices,
  token: string | undefined,
  nowMs: number,
): { token: string; change: DeviceChange } {
  const isKnown = token !== undefined && Object.hasOwn(devices, hashDeviceToken(token));
  const kept = isKnown ? token : newSecret();
  const isFull = Object.keys(devices).length >= devicesMax;
  const [oldest] = Object.entries(devices).sort(
    ([, one], [, other]) => one.lastUsedAtMs - other.lastUsedAtMs,
  );
  return {
    token: kept,
    change: {
      hash: hashDeviceToken(kept),
      device: { failures: 0, lastUsedAtMs: nowMs },
      forgottenHash: !isKnown && isFull ? oldest?.[0] : undefined,
    },
  };
}
