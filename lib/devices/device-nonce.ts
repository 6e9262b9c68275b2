import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { ReadSecret, Secret } from "../auth/platform-secrets.ts";
import { versionOf } from "../auth/platform-secrets.ts";

export const deviceNonceLifetimeMs = 300_000;

export interface DeviceNonce {
  /** Names the nonce where it is used up. */
  nonceId: string;
  expiresAtMs: number;
}

/**
 * A nonce of 128 random bits that nothing has to be stored for: member and expiry are bound to it by a
 * MAC. Whether it was used before is for the condition of what uses it to decide.
 */
export function issueDeviceNonce(memberId: string, { version, key }: Secret, nowMs: number) {
  const expiresAtMs = nowMs + deviceNonceLifetimeMs;
  const head = `${version}.${randomBytes(16).toString("base64url")}.${expiresAtMs}`;
  return { nonce: `${head}.${sign(memberId, head, key)}`, expiresAtMs };
}

/** Reads a genuine nonce of this member that has not expired, or undefined; compares in constant time. */
export async function readDeviceNonce(
  nonce: string,
  memberId: string,
  secret: ReadSecret,
  nowMs: number,
): Promise<DeviceNonce | undefined> {
  const [keyId = "", nonceId = "", expiry = "", mac = ""] = nonce.split(".");
  const version = versionOf(keyId);
  const nonceKey = version && (await secret("device-nonce", version));
  if (!nonceKey) return undefined;
  const expected = Buffer.from(sign(memberId, `${keyId}.${nonceId}.${expiry}`, nonceKey.key));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const expiresAtMs = Number(expiry);
  return expiresAtMs > nowMs ? { nonceId, expiresAtMs } : undefined;
}

const sign = (memberId: string, head: string, key: Uint8Array): string =>
  createHmac("sha256", key).update(`${memberId}.${head}`).digest("base64url");
