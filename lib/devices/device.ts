import { calculateJwkThumbprint } from "jose";
import { toRfc3339 } from "../clock.ts";

/** SP 800-63B-4 section 4.1.2: a binding may end; a device that is still used is bound anew. */
export const deviceLifetimeMs = 180 * 24 * 3_600_000;
export const devicesMax = 10;

export interface PublicJwk {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
}

/** A device whose key is a second factor. Times are epoch milliseconds. */
export interface Device {
  deviceId: string;
  memberId: string;
  manufacturerId: string;
  publicJwk: PublicJwk;
  label: string;
  createdAtMs: number;
  expiresAtMs: number;
  lastUsedAtMs?: number;
  /** How many sessions it has made; absent for none. */
  uses?: number | undefined;
}

/** The id follows from the key (RFC 7638), so that a device knows its own and no key is bound twice. */
export const deviceIdOf = async (publicJwk: PublicJwk): Promise<string> =>
  `dev_${await calculateJwkThumbprint(publicJwk, "sha256")}`;

export const toDeviceView = (device: Device) => ({
  deviceId: device.deviceId,
  label: device.label,
  createdAt: toRfc3339(device.createdAtMs),
  expiresAt: toRfc3339(device.expiresAtMs),
  ...(device.lastUsedAtMs !== undefined && { lastUsedAt: toRfc3339(device.lastUsedAtMs) }),
});
