import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { PlatformKeyStore, SecretPurpose } from "./platform-key-store.ts";

/** The version that new hashes and tokens use; older ones stay readable. */
export const currentSecretVersion = 1;

const secretLifetimeMs = 300_000;

export const secretContext = (purpose: SecretPurpose, version: number): Record<string, string> => ({
  app: "manufacturer-security",
  purpose,
  version: String(version),
});

export type ReadSecret = (purpose: SecretPurpose, version?: number) => Promise<Uint8Array>;

/**
 * Reads platform secrets: wrapped in the table, unwrapped by KMS on first use, kept for five minutes.
 *
 * @throws Problem `keys-not-ready` (503) before the first deployment task has run.
 */
export function platformSecrets(
  store: PlatformKeyStore,
  keys: WrappedKeys,
  now: Clock,
): ReadSecret {
  const cache = new ExpiringCache<Uint8Array>({
    lifetimeMs: secretLifetimeMs,
    entriesMax: 32,
    now,
  });
  return (purpose, version = currentSecretVersion) =>
    cache.get(`${purpose}#${version}`, async () => {
      const item = await store.readSecret(purpose, version);
      if (!item) throw new Problem("keys-not-ready", { headers: { "retry-after": "5" } });
      return keys.unwrap(item.wrapped, secretContext(purpose, version));
    });
}
