import { createHmac, timingSafeEqual } from "node:crypto";

/** Where a refresh token stands in its session's chain. */
export interface RefreshPosition {
  memberId: string;
  sessionId: string;
  /** How often the session has been refreshed before this token. */
  counter: number;
}

/**
 * The refresh token at a position: nothing but the counter is stored, for the token is its MAC under
 * the platform's refresh key. Clients that race with the same token get the same successor.
 */
export function issueRefreshToken(position: RefreshPosition, refreshKey: Uint8Array): string {
  const head = `${position.memberId}.${position.sessionId}.${position.counter}`;
  return `${head}.${sign(head, refreshKey)}`;
}

/** The position of a genuine token, or undefined; compares in constant time. */
export function readRefreshToken(
  token: string,
  refreshKey: Uint8Array,
): RefreshPosition | undefined {
  const [memberId = "", sessionId = "", counter = "", mac = "", ...rest] = token.split(".");
  if (rest.length > 0) return undefined;
  const expected = Buffer.from(sign(`${memberId}.${sessionId}.${counter}`, refreshKey));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return { memberId, sessionId, counter: Number(counter) };
}

const sign = (head: string, refreshKey: Uint8Array): string =>
  createHmac("sha256", refreshKey).update(head).digest("base64url");
