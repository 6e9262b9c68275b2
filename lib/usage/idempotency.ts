import { createHash } from "node:crypto";
import type { Counter } from "./counter.ts";

/** For at least this long a key of an `api_calls` charge is remembered. */
export const recentWindowMs = 5 * 60_000;

/** Keys per set: two full sets keep the counter below 1 KB, the size up to which a write costs one unit. */
export const recentIdsMax = 40;

/** For this long after the end of a period its ledger still answers for a repeated key. */
export const ledgerOverlapMs = 86_400_000;

/** 48 bits of the key: among 80 remembered ones two collide once in 10^12 charges. */
export const recentIdOf = (idempotencyKey: string): string =>
  createHash("sha256").update(idempotencyKey).digest("base64url").slice(0, 8);

/** How the counter remembers the next key. */
export type RecentMode = "append" | "rotate" | "ledger";

export const isRemembered = (counter: Counter, id: string): boolean =>
  counter.recentIds?.has(id) === true || counter.previousIds?.has(id) === true;

/**
 * A key goes into the young set; a set as old as the window becomes the previous one; and a set that
 * is full too early hands over to the ledger, so that the promise holds at any rate.
 */
export function recentModeOf(counter: Counter, nowMs: number): RecentMode {
  if (counter.ledgerUntilMs > nowMs) return "ledger";
  if (counter.recentFromMs <= nowMs - recentWindowMs) return "rotate";
  return (counter.recentIds?.size ?? 0) >= recentIdsMax ? "ledger" : "append";
}
