import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { PlatformKeyStore, SecretItem, SecretPurpose } from "./platform-key-store.ts";
import { ringCopy } from "./ring-copy.ts";

const plaintextLifetimeMs = 300_000;

export const secretContext = (purpose: SecretPurpose, version: number): Record<string, string> => ({
  app: "manufacturer-security",
  purpose,
  version: String(version),
});

/** One version of a platform secret; what is made with it names the version. */
export interface Secret {
  version: number;
  key: Uint8Array;
}

export interface ReadSecret {
  /** The version to make things with now. */
  (purpose: SecretPurpose): Promise<Secret>;
  /** The version that something names; undefined where it never was, is retired or was withdrawn. */
  (purpose: SecretPurpose, version: number): Promise<Secret | undefined>;
}

/**
 * Reads platform secrets: wrapped in the table, of which an environment has a copy that is a minute old
 * at most, unwrapped by KMS on first use, kept for five minutes.
 *
 * @throws Problem `keys-not-ready` (503) before the first deployment task has run.
 */
export function platformSecrets(
  store: PlatformKeyStore,
  keys: WrappedKeys,
  now: Clock,
): ReadSecret {
  const ring = ringCopy(() => store.listSecrets(), now);
  const plaintexts = new ExpiringCache<Uint8Array>({
    lifetimeMs: plaintextLifetimeMs,
    entriesMax: 32,
    now,
  });
  const open = async ({ purpose, version, wrapped }: SecretItem): Promise<Secret> => ({
    version,
    key: await plaintexts.get(`${purpose}#${version}`, () =>
      keys.unwrap(wrapped, secretContext(purpose, version)),
    ),
  });

  function read(purpose: SecretPurpose): Promise<Secret>;
  function read(purpose: SecretPurpose, version: number): Promise<Secret | undefined>;
  async function read(purpose: SecretPurpose, version?: number): Promise<Secret | undefined> {
    const isMeant = (item: SecretItem): boolean =>
      item.purpose === purpose &&
      (version === undefined ? item.activeFromMs <= now() : item.version === version);
    const copy = await ring.read();
    const known = copy.findLast(isMeant);
    if (known) return open(known);
    if (version === undefined) {
      ring.forget();
      throw new Problem("keys-not-ready", { headers: { "retry-after": "5" } });
    }
    // Versions only grow: one that is lower than the newest is gone, and no reason to look again.
    if (copy.some((item) => item.purpose === purpose && item.version > version)) return undefined;
    const newer = (await ring.lookAgain()).findLast(isMeant);
    return newer && open(newer);
  }
  return read;
}

/** The version that a token's `kid` names. */
export const versionOf = (keyId: string | undefined): number | undefined =>
  keyId !== undefined && /^[1-9]\d{0,5}$/.test(keyId) ? Number(keyId) : undefined;
