import type { Clock } from "../clock.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";
import { stateAt } from "./manufacturer-keys.ts";
import type { KeyStore } from "./store.ts";

/** A key version as its owner may see it: no key, not even a wrapped one. */
export type KeyVersionSummary = Omit<KeyVersion, "wrappedKey" | "kmsKeyArn" | "manufacturerId">;

/** All key versions of a manufacturer, oldest first within a purpose. Times are epoch milliseconds. */
export async function listKeyVersions(
  { now, store }: { readonly store: KeyStore; readonly now: Clock },
  manufacturerId: string,
): Promise<KeyVersionSummary[]> {
  const versions = await store.listVersions(manufacturerId);
  return versions.map((version) => summarizeKeyVersion(version, now()));
}

/** What of a key version may leave this domain, in the state it has at `nowMs`. */
export const summarizeKeyVersion = (version: KeyVersion, nowMs: number): KeyVersionSummary => ({
  keyId: version.keyId,
  purpose: version.purpose,
  version: version.version,
  region: version.region,
  state: stateAt(version, nowMs),
  createdAtMs: version.createdAtMs,
  ...timesOf(version),
});

const optionalTimes = [
  "retiredAtMs",
  "fenceUntilMs",
  "revokedAtMs",
  "effectiveAtMs",
  "lateSealsUntilMs",
  "destroyAfterMs",
  "destroyedAtMs",
] as const;

type OptionalTimes = Partial<Record<(typeof optionalTimes)[number], number>>;

function timesOf(version: KeyVersion): OptionalTimes {
  return Object.fromEntries(
    optionalTimes.flatMap((name) => (version[name] === undefined ? [] : [[name, version[name]]])),
  );
}
