import { createPublicKey } from "node:crypto";
import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import { accessTokenLifetimeSeconds } from "./access-token.ts";
import { signingContext } from "./key-ring.ts";
import type { PlatformKeyStore, SigningKeyItem } from "./platform-key-store.ts";
import type { SecretsReport } from "./rotate-platform-secrets.ts";
import { replaceableSecrets, rotatePlatformSecrets } from "./rotate-platform-secrets.ts";

const rotationPeriodMs = 30 * 24 * 3_600_000;
/** A new key is in every verifier's copy of the JWKS before the first token that needs it. */
const publishAheadMs = 24 * 3_600_000;
/** Tokens of a replaced key have expired, and clocks may differ by a minute. */
const retireAfterMs = (accessTokenLifetimeSeconds + 60) * 1000;

export interface RotatePlatformKeysEvent {
  /**
   * What somebody else may know: replaced at once, and what was made with it stops working within a
   * minute. `true` means the signing key and every secret that can be replaced.
   */
  compromised?: boolean | readonly string[];
}

export interface PlatformKeysReport extends SecretsReport {
  addedKeyId?: string;
  activeFrom?: string;
  removedKeyIds: string[];
}

/**
 * Keeps the platform's keys in order; safe to run at any time and any number of times. Makes the
 * first signing key and secrets and replaces those that are due, publishes the next signing key a day before it is used, removes a
 * replaced key after the last token it signed has expired.
 *
 * @throws Problem `contention` when another run changed the keys at the same moment.
 */
export async function rotatePlatformKeys(
  event: RotatePlatformKeysEvent,
  { store, keys, now }: { store: PlatformKeyStore; keys: WrappedKeys; now: Clock },
): Promise<PlatformKeysReport> {
  const compromised = compromisedOf(event);
  const secrets = await rotatePlatformSecrets(
    replaceableSecrets.filter((purpose) => compromised.includes(purpose)),
    { store, keys, now },
  );
  const version = await store.readSigningVersion();
  const existing = await store.listSigningKeys();
  const { addsFromMs, removed } = plan(existing, compromised.includes("signing"), now());
  if (addsFromMs === undefined && removed.length === 0) return { removedKeyIds: [], ...secrets };

  const added = addsFromMs === undefined ? undefined : await createKey(keys, now(), addsFromMs);
  const outcome = await store.changeSigningKeys(version, { ...(added && { added }), removed });
  if (!outcome.committed) throw new Problem("contention");
  return {
    ...(added && { addedKeyId: added.keyId, activeFrom: toRfc3339(added.activeFromMs) }),
    removedKeyIds: removed,
    ...secrets,
  };
}

/** @throws Error that names what can be replaced, before anything is */
function compromisedOf({ compromised = false }: RotatePlatformKeysEvent): readonly string[] {
  const known = ["signing", ...replaceableSecrets];
  if (typeof compromised === "boolean") return compromised ? known : [];
  const unknown = compromised.filter((name) => !known.includes(name));
  if (unknown.length === 0) return compromised;
  throw new Error(`cannot replace ${unknown.join(", ")}: name some of ${known.join(", ")}`);
}

/** What the set of keys lacks and what it no longer needs. */
function plan(
  existing: readonly SigningKeyItem[],
  isCompromised: boolean,
  nowMs: number,
): { addsFromMs: number | undefined; removed: string[] } {
  const active = existing.filter(({ activeFromMs }) => activeFromMs <= nowMs);
  const inUse = active.at(-1);
  if (!inUse) return { addsFromMs: existing.length === 0 ? nowMs : undefined, removed: [] };
  if (isCompromised) return { addsFromMs: nowMs, removed: [inUse.keyId] };
  const retired = nowMs - inUse.activeFromMs > retireAfterMs ? active.slice(0, -1) : [];
  const hasNext = existing.length > active.length;
  const isDue = nowMs - inUse.activeFromMs >= rotationPeriodMs - publishAheadMs;
  return {
    addsFromMs: isDue && !hasNext ? nowMs + publishAheadMs : undefined,
    removed: retired.map(({ keyId }) => keyId),
  };
}

async function createKey(
  keys: WrappedKeys,
  nowMs: number,
  activeFromMs: number,
): Promise<SigningKeyItem> {
  const keyId = newId("key");
  const { publicKey, wrappedPrivateKey } = await keys.generatePair(signingContext(keyId));
  const jwk = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" }).export({
    format: "jwk",
  });
  return {
    keyId,
    publicJwk: { ...jwk, kid: keyId, alg: "ES256", use: "sig" },
    wrappedPrivateKey,
    createdAtMs: nowMs,
    activeFromMs,
  };
}
