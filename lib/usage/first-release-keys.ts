import { createHash } from "node:crypto";
import type { Counter } from "./counter.ts";
import type { ChargeExtension } from "./counter-statements.ts";

/**
 * Release 0.1.0 remembered keys of `api_calls` in two sets of the counter, for five to ten minutes.
 * No counter gets new ones. While a counter has them they are honoured, so that a key charged before
 * an upgrade is not charged again after it. They go with the first charge that finds them out of date,
 * at the latest with the month, whose counter they are in.
 */
type FirstReleaseCounter = Counter & {
  recentIds?: ReadonlySet<string>;
  previousIds?: ReadonlySet<string>;
  /** When `recentIds` was begun. */
  recentFromMs?: number;
};

const lifetimeMs = 10 * 60_000;

const idOf = (idempotencyKey: string): string =>
  createHash("sha256").update(idempotencyKey).digest("base64url").slice(0, 8);

/** Makes a charge fail where the counter remembers its key. */
export const notInFirstReleaseSets = (idempotencyKey: string): ChargeExtension => ({
  condition: " AND NOT contains(recentIds, :oldId) AND NOT contains(previousIds, :oldId)",
  values: { ":oldId": idOf(idempotencyKey) },
});

export function isInFirstReleaseSets(counter: Counter, idempotencyKey: string): boolean {
  const { recentIds, previousIds } = counter as FirstReleaseCounter;
  const id = idOf(idempotencyKey);
  return recentIds?.has(id) === true || previousIds?.has(id) === true;
}

/** Drops what 0.1.0 kept in a counter: ids of charges without a key at once, keys when out of date. */
export function dropFirstReleaseSets(seen: Counter | undefined, nowMs: number): ChargeExtension {
  const { recentFromMs } = (seen ?? {}) as Partial<FirstReleaseCounter>;
  const isOutOfDate = recentFromMs !== undefined && recentFromMs <= nowMs - lifetimeMs;
  return {
    remove: ` REMOVE chargeIds, previousChargeIds, ledgerUntilMs${isOutOfDate ? ", recentIds, previousIds, recentFromMs" : ""}`,
  };
}
