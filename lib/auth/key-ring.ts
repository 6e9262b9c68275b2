import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey } from "node:crypto";
import type { JWK } from "jose";
import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { PlatformKeyStore, SigningKeyItem } from "./platform-key-store.ts";
import { ringCopy } from "./ring-copy.ts";

const privateKeyLifetimeMs = 300_000;

/** KMS binds a signing key's private part to its id. */
export const signingContext = (keyId: string): Record<string, string> => ({
  app: "manufacturer-security",
  purpose: "signing",
  kid: keyId,
});

interface PublishedKey {
  item: SigningKeyItem;
  publicKey: KeyObject;
}

export interface VerificationKeys {
  /**
   * The public key of that id, or undefined. An id that is not in the cached copy makes it read the
   * keys once more, every five seconds at most: a key may be newer than the copy. A withdrawn key goes
   * with the copy it was in.
   */
  find(keyId: string): Promise<KeyObject | undefined>;
  /** Public keys in JWK form, for the JWKS document (RFC 7517 section 5). */
  publish(): Promise<JWK[]>;
}

/** Public halves of the signing keys, read from the table and cached for a minute. */
export function verificationKeys(
  store: PlatformKeyStore,
  now: Clock,
): VerificationKeys & {
  newestActive(): Promise<SigningKeyItem>;
} {
  const load = async (): Promise<Map<string, PublishedKey>> => {
    const items = await store.listSigningKeys();
    return new Map(
      items.map((item) => [
        item.keyId,
        { item, publicKey: createPublicKey({ key: item.publicJwk, format: "jwk" }) },
      ]),
    );
  };
  const ring = ringCopy(load, now);

  return {
    async find(keyId) {
      const known = (await ring.read()).get(keyId) ?? (await ring.lookAgain()).get(keyId);
      return known?.publicKey;
    },
    async publish() {
      return [...(await ring.read()).values()].map(({ item }) => item.publicJwk);
    },
    async newestActive() {
      const active = [...(await ring.read()).values()]
        .map(({ item }) => item)
        .filter(({ activeFromMs }) => activeFromMs <= now())
        .at(-1);
      if (!active) {
        ring.forget();
        throw new Problem("keys-not-ready", { headers: { "retry-after": "5" } });
      }
      return active;
    },
  };
}

export interface SigningKey {
  keyId: string;
  privateKey: KeyObject;
}

export type ReadSigningKey = () => Promise<SigningKey>;

/**
 * The key to sign with now: the newest one whose time has come, unwrapped by KMS on first use and
 * kept for five minutes.
 *
 * @throws Problem `keys-not-ready` (503) before the first deployment task has run.
 */
export function signingKeys(
  store: PlatformKeyStore,
  keys: WrappedKeys,
  now: Clock,
): ReadSigningKey {
  const ring = verificationKeys(store, now);
  const cache = new ExpiringCache<KeyObject>({
    lifetimeMs: privateKeyLifetimeMs,
    entriesMax: 2,
    now,
  });
  return async () => {
    const { keyId, wrappedPrivateKey } = await ring.newestActive();
    const privateKey = await cache.get(keyId, async () => {
      const der = Buffer.from(await keys.unwrap(wrappedPrivateKey, signingContext(keyId)));
      return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    });
    return { keyId, privateKey };
  };
}
