import { tables } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { ErasureStore } from "./erasure-store.ts";
import { epochCheckMs } from "./key-ring.ts";
import type { ManufacturerKeys } from "./manufacturer-keys.ts";
import type { KeyStore } from "./store.ts";

export interface ErasureDependencies {
  readonly store: KeyStore;
  readonly erasure: ErasureStore;
  readonly now: Clock;
}

export const dayMs = 24 * 60 * 60_000;

/** How long an erasure can be cancelled. */
export const erasureDelayMs = 7 * dayMs;

/** What an erasure did, and when it is true everywhere. Times are epoch milliseconds. */
export interface ErasureCertificate {
  readonly manufacturerId: string;
  readonly requestedAtMs: number;
  readonly erasedAtMs: number;
  readonly keyVersionsDestroyed: number;
  /** No environment can hold an unwrapped key from here on that it would still use. */
  readonly cachesClearAtMs: number;
  /** Until here a restored backup of the table could bring the wrapped keys back. */
  readonly backupsClearAtMs: number;
  /** The latest of the above: the honest date of erasure. */
  readonly effectiveAtMs: number;
}

/**
 * Blocks all of a manufacturer's keys at once and sets the time after which they are destroyed.
 * Asking again answers the same time.
 * @throws Problem `key-version-unknown`, `key-destroyed`, `contention`
 */
export async function scheduleErasure(
  { erasure, now, store }: ErasureDependencies,
  manufacturerId: string,
  audit: readonly Statement[] = [],
): Promise<{ requestedAtMs: number; eraseAfterMs: number }> {
  const requestedAtMs = now();
  const eraseAfterMs = requestedAtMs + erasureDelayMs;
  const scheduled = { manufacturerId, requestedAtMs, eraseAfterMs };
  if ((await erasure.schedule(scheduled, audit)).committed) {
    return { requestedAtMs, eraseAfterMs };
  }
  const keys = await readKnown(store, manufacturerId);
  if (keys.state === "active") throw new Problem("contention");
  if (keys.state !== "erasure-pending") throw new Problem("key-destroyed");
  return {
    requestedAtMs: keys.erasureRequestedAtMs ?? requestedAtMs,
    eraseAfterMs: keys.eraseAfterMs ?? eraseAfterMs,
  };
}

/**
 * Calls an erasure off while nothing has been destroyed, also after its date.
 * @throws Problem `erasure-not-pending`, `key-destroyed` (too late), `key-version-unknown`, `contention`
 */
export async function cancelErasure(
  { erasure, store }: Pick<ErasureDependencies, "erasure" | "store">,
  manufacturerId: string,
  audit: readonly Statement[] = [],
): Promise<void> {
  if ((await erasure.cancel(manufacturerId, audit)).committed) return;
  const keys = await readKnown(store, manufacturerId);
  throw new Problem(keys.state === "active" ? "erasure-not-pending" : "key-destroyed");
}

/**
 * Destroys the wrapped keys and the salt of a manufacturer whose time has come. Cut off at any point,
 * it can be run again, and always answers the same certificate.
 * @throws Problem `erasure-pending` (its time has not come), `erasure-not-pending`,
 * `key-version-unknown`, `contention`
 */
export async function shredManufacturerKeys(
  { erasure, now, store }: ErasureDependencies,
  manufacturerId: string,
  audit: readonly Statement[] = [],
): Promise<ErasureCertificate> {
  const begun = await erasure.begin({ manufacturerId, nowMs: now() });
  if (!begun.committed) {
    const { state } = await readKnown(store, manufacturerId);
    if (state === "erasure-pending") throw new Problem("erasure-pending");
    if (state === "active") throw new Problem("erasure-not-pending");
  }
  for (const { keyId } of await store.listVersions(manufacturerId)) {
    await erasure.destroyVersion({ manufacturerId, keyId, nowMs: now() });
  }
  await erasure.complete({ manufacturerId, nowMs: now() }, audit);
  return certify(store, manufacturerId);
}

async function certify(store: KeyStore, manufacturerId: string): Promise<ErasureCertificate> {
  const keys = await readKnown(store, manufacturerId);
  const versions = await store.listVersions(manufacturerId);
  const { erasedAtMs, erasureRequestedAtMs } = keys;
  const isWrappedKeyLeft = versions.some((version) => version.wrappedKey !== undefined);
  if (erasedAtMs === undefined || erasureRequestedAtMs === undefined || isWrappedKeyLeft) {
    throw new Problem("contention");
  }
  const cachesClearAtMs = erasedAtMs + epochCheckMs;
  const backupsClearAtMs = erasedAtMs + tables.keys.recoveryDays * dayMs;
  return {
    manufacturerId,
    requestedAtMs: erasureRequestedAtMs,
    erasedAtMs,
    keyVersionsDestroyed: versions.length,
    cachesClearAtMs,
    backupsClearAtMs,
    effectiveAtMs: Math.max(cachesClearAtMs, backupsClearAtMs),
  };
}

async function readKnown(store: KeyStore, manufacturerId: string): Promise<ManufacturerKeys> {
  const keys = await store.readManufacturerKeys(manufacturerId);
  if (keys === undefined) throw new Problem("key-version-unknown");
  return keys;
}
