import type { Clock } from "../clock.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";
import type { Envelope } from "./envelope.ts";
import type { KeyVersion, ManufacturerKeys } from "./manufacturer-keys.ts";

export interface KeyEvidenceDependencies {
  readonly now: Clock;
  /** Where this process runs. */
  readonly region: string;
  readonly readManufacturerKeys: (manufacturerId: string) => Promise<ManufacturerKeys | undefined>;
  readonly listVersions: (manufacturerId: string) => Promise<readonly KeyVersion[]>;
  /** Some of the envelopes that are stored in our own items. */
  readonly sampleEnvelopes: (manufacturerId: string) => Promise<readonly Envelope[]>;
}

/** Looks at a manufacturer's key versions: where they are, and that destroyed ones are gone. */
export function checkKeyVersions(
  { listVersions, now, readManufacturerKeys, region }: KeyEvidenceDependencies,
  manufacturerId: string,
): Promise<ComplianceCheck[]> {
  const versions = listVersions(manufacturerId);
  return Promise.all([
    runCheck({ id: "keys/residency", source: "table keys", now }, async () => {
      const manufacturer = await readManufacturerKeys(manufacturerId);
      const regions = [
        ...new Set((await versions).flatMap((key) => [key.region, key.kmsKeyArn.split(":")[3]])),
      ];
      const evidence = { manufacturer: manufacturer?.region, function: region, keys: regions };
      const isPassed =
        manufacturer && [manufacturer.region, ...regions].every((one) => one === region);
      return { isPassed, evidence };
    }),
    runCheck({ id: "keys/erasure", source: "table keys", now }, async () => {
      const destroyed = (await versions).filter(({ state }) => state === "destroyed");
      const left = destroyed.filter(({ wrappedKey }) => wrappedKey !== undefined);
      const evidence = {
        destroyed: destroyed.map(({ destroyedAtMs, keyId }) => ({ keyId, destroyedAtMs })),
        destroyedButStillStored: left.map(({ keyId }) => keyId),
      };
      return { isPassed: left.length === 0, evidence };
    }),
  ]);
}

/** Looks at some stored envelopes: that they are this manufacturer's, of its region and openable. */
export async function checkSampledEnvelopes(
  { listVersions, now, region, sampleEnvelopes }: KeyEvidenceDependencies,
  manufacturerId: string,
): Promise<ComplianceCheck[]> {
  const check = await runCheck(
    { id: "envelopes/sample", source: "table identity", now },
    async () => {
      const envelopes = await sampleEnvelopes(manufacturerId);
      const openable = (await listVersions(manufacturerId))
        .filter(({ state }) => state === "enabled" || state === "retiring")
        .map(({ keyId }) => keyId);
      const wrong = envelopes.filter(
        (envelope) =>
          envelope.manufacturerId !== manufacturerId ||
          envelope.region !== region ||
          !openable.includes(envelope.keyId),
      );
      const evidence = {
        sampled: envelopes.length,
        byKeyId: countBy(envelopes.map(({ keyId }) => keyId)),
        byAlgorithm: countBy(envelopes.map(({ algorithm }) => algorithm)),
        wrong: wrong.length,
      };
      const isPassed = envelopes.length === 0 ? undefined : wrong.length === 0;
      return { isPassed, evidence };
    },
  );
  return [check];
}

const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]),
  );
