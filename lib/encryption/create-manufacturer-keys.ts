import { randomBytes } from "node:crypto";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { KeyHierarchy } from "./key-hierarchy.ts";
import type { KeyPurpose } from "./key-id.ts";
import { formatKeyId, keyPurposes } from "./key-id.ts";
import type { KeyVersion, ManufacturerKeys } from "./manufacturer-keys.ts";
import type { KeyStore } from "./store.ts";

export interface KeyManagementDependencies {
  readonly store: KeyStore;
  readonly hierarchy: KeyHierarchy;
  readonly now: Clock;
}

const saltBytes = 32;

/**
 * Makes a manufacturer's first keys, one per purpose, in the region of the hierarchy; from then on
 * that region is where its data lives. Whoever comes second gets the first one's keys.
 * @throws Problem `kms-denied`, `kms-throttled`, `kms-unavailable`, `contention`
 */
export async function createManufacturerKeys(
  dependencies: KeyManagementDependencies,
  manufacturerId: string,
  audit: readonly Statement[] = [],
): Promise<ManufacturerKeys> {
  const { hierarchy, now, store } = dependencies;
  const versions = await Promise.all(
    keyPurposes.map((purpose) =>
      generateVersion(dependencies, { manufacturerId, purpose, version: 1 }),
    ),
  );
  const keys: ManufacturerKeys = {
    manufacturerId,
    state: "active",
    region: hierarchy.region,
    salt: randomBytes(saltBytes),
    epoch: 1,
    newest: { envelope: 1, record: 1 },
    createdAtMs: now(),
  };
  const outcome = await store.createManufacturerKeys(keys, versions, audit);
  if (outcome.committed) return keys;
  const winner = await store.readManufacturerKeys(manufacturerId);
  if (winner === undefined) throw new Problem("rotation-conflict");
  return winner;
}

/**
 * Has KMS make one key version; nothing is stored.
 * @throws Problem `kms-denied`, `kms-throttled`, `kms-unavailable`, `limit-exceeded`
 */
export async function generateVersion(
  { hierarchy, now }: Pick<KeyManagementDependencies, "hierarchy" | "now">,
  named: { manufacturerId: string; purpose: KeyPurpose; version: number },
): Promise<KeyVersion> {
  const keyId = formatKeyId(named.purpose, named.version);
  const { region } = hierarchy;
  const wrapped = await hierarchy.generate({
    manufacturerId: named.manufacturerId,
    keyId,
    purpose: named.purpose,
    region,
  });
  return { ...named, ...wrapped, keyId, region, state: "enabled", createdAtMs: now() };
}
