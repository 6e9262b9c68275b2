import { identityKeys } from "../aws/item-keys.ts";
import type { Clock } from "../clock.ts";
import type { ErasedManufacturersStore } from "./erased-manufacturers-store.ts";
import type { ErasureStore } from "./erasure-store.ts";
import type { MemberErasureStore } from "./member-erasure-store.ts";
import type { KeyStore } from "./store.ts";
import { itemsOf } from "./suspend-erased-members.ts";

export interface RestoredErasureDependencies {
  readonly store: Pick<KeyStore, "readManufacturerKeys" | "listVersions">;
  readonly erasure: Pick<ErasureStore, "resume">;
  readonly members: Pick<MemberErasureStore, "listItems">;
  readonly erased: ErasedManufacturersStore;
  readonly now: Clock;
}

/**
 * Finds erased manufacturers that a restore brought back, and makes their erasure due again. Their keys
 * are refused meanwhile: every key that is loaded is checked against the tombstones.
 */
export async function resumeRestoredErasures(
  dependencies: RestoredErasureDependencies,
): Promise<void> {
  const { erased, erasure, now } = dependencies;
  let cursor: Record<string, unknown> | undefined;
  do {
    const page = await erased.list(cursor);
    for (const { manufacturerId, requestedAtMs } of page.erased) {
      if (await isRestored(dependencies, manufacturerId)) {
        await erasure.resume({ manufacturerId, requestedAtMs, eraseAfterMs: now() });
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

async function isRestored(
  { members, store }: RestoredErasureDependencies,
  manufacturerId: string,
): Promise<boolean> {
  const keys = await store.readManufacturerKeys(manufacturerId);
  if (keys && (keys.state !== "erased" || keys.salt !== undefined)) return true;
  const versions = await store.listVersions(manufacturerId);
  if (versions.some(({ wrappedKey }) => wrappedKey !== undefined)) return true;
  const profile = identityKeys.profile(manufacturerId);
  for await (const { memberId, sk } of itemsOf(members, manufacturerId)) {
    // Counters of mails expire by themselves and may be written after an erasure.
    if (memberId !== undefined || sk === profile.sk) return true;
  }
  return false;
}
