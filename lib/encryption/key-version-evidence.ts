import type { Clock } from "../clock.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";
import type { KeyVersion, ManufacturerKeys } from "./manufacturer-keys.ts";
import { rotateEveryDaysMax, settingsOf } from "./settings.ts";

export interface KeyEvidenceDependencies {
  readonly now: Clock;
  /** Where this process runs. */
  readonly region: string;
  /** The one KMS key that may wrap manufacturers' keys. */
  readonly kmsKeyArn: string;
  readonly readManufacturerKeys: (manufacturerId: string) => Promise<ManufacturerKeys | undefined>;
  readonly listVersions: (manufacturerId: string) => Promise<readonly KeyVersion[]>;
}

const dayMs = 86_400_000;

/** The task that rotates by age runs every six hours; a day late is late. */
const rotationSlackDays = 1;

/** Looks at a manufacturer's key versions: where they are, how old, and that destroyed ones are gone. */
export function checkKeyVersions(
  dependencies: KeyEvidenceDependencies,
  manufacturerId: string,
): Promise<ComplianceCheck[]> {
  const { kmsKeyArn, now, region } = dependencies;
  const manufacturer = dependencies.readManufacturerKeys(manufacturerId);
  const versions = dependencies.listVersions(manufacturerId);
  // Whichever fails first is reported by every check that asks for it.
  for (const look of [manufacturer, versions]) look.catch(() => undefined);
  return Promise.all([
    runCheck({ id: "keys/residency", source: "table keys", now }, async () => {
      const keys = await manufacturer;
      const living = (await versions).filter(({ state }) => state !== "destroyed");
      const regions = [
        ...new Set(living.flatMap((key) => [key.region, key.kmsKeyArn.split(":")[3]])),
      ];
      // Named by key id: which account and key it is instead is the platform's business.
      const foreignKeys = living.filter((key) => key.kmsKeyArn !== kmsKeyArn);
      const evidence = {
        manufacturer: keys?.region,
        function: region,
        keys: regions,
        foreignKeys: foreignKeys.map(({ keyId }) => keyId),
      };
      const isPassed =
        keys &&
        foreignKeys.length === 0 &&
        [keys.region, ...regions].every((one) => one === region);
      return { isPassed, evidence };
    }),
    runCheck({ id: "keys/age", source: "table keys", now }, async () => {
      const keys = await manufacturer;
      const sealing = (await versions).filter(({ state }) => state === "enabled");
      if (!keys || sealing.length === 0) return { isPassed: undefined, evidence: {} };
      const { rotateEveryDays } = settingsOf(keys);
      const daysMax = (rotateEveryDays ?? rotateEveryDaysMax) + rotationSlackDays;
      const ages = sealing.map(({ createdAtMs, keyId }) => ({
        keyId,
        days: Math.floor((now() - createdAtMs) / dayMs),
      }));
      const evidence = { rotateEveryDays, daysMax, ages };
      return { isPassed: ages.every(({ days }) => days <= daysMax), evidence };
    }),
    runCheck({ id: "keys/erasure", source: "table keys", now }, async () => {
      const keys = await manufacturer;
      const isErased = keys?.state === "erased";
      // Of an erased manufacturer every version must be gone, whatever its state says.
      const gone = (await versions).filter(({ state }) => isErased || state === "destroyed");
      const left = gone.filter(
        ({ state, wrappedKey }) => state !== "destroyed" || wrappedKey !== undefined,
      );
      const isSaltLeft = isErased && keys.salt !== undefined;
      const evidence = {
        manufacturer: keys?.state,
        destroyed: gone.map(({ destroyedAtMs, keyId }) => ({ keyId, destroyedAtMs })),
        destroyedButStillStored: left.map(({ keyId }) => keyId),
        ...(isSaltLeft && { isSaltLeft }),
      };
      return { isPassed: left.length === 0 && !isSaltLeft, evidence };
    }),
  ]);
}
