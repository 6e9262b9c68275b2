import { ticketLifetimeMs } from "../accounts/ticket.ts";
import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import type { Clock } from "../clock.ts";
import { deviceNonceLifetimeMs } from "../devices/device-nonce.ts";
import { mfaTokenLifetimeMs } from "../mfa/mfa-token.ts";
import type { PlatformKeyStore, SecretItem, SecretPurpose } from "./platform-key-store.ts";
import { secretPurposes } from "./platform-key-store.ts";
import { secretContext } from "./platform-secrets.ts";
import { sessionIdleMs } from "./session.ts";

const rotationPeriodMs = 30 * 24 * 3_600_000;
/** A new version is in every environment's copy before the first thing that is made with it. */
const announceAheadMs = 10 * 60_000;
/** What an environment with an old copy, or a clock that is behind, makes with a replaced version. */
const toleranceMs = 2 * 60_000;

/** How long what is made with a secret is good: a replaced version is kept for that time. */
const lastsMs: Partial<Record<SecretPurpose, number>> = {
  refresh: sessionIdleMs,
  ticket: Math.max(...Object.values(ticketLifetimeMs)),
  "mfa-token": mfaTokenLifetimeMs,
  "device-nonce": deviceNonceLifetimeMs,
};

/**
 * Why `email-lookup` is not here: a sign-in is found by it, so that a new one would hide every account.
 * `pepper` is replaced on demand alone, and its versions stay: each hash names its own.
 */
export const replaceableSecrets = ["pepper", ...Object.keys(lastsMs)] as readonly SecretPurpose[];

export interface SecretsReport {
  /** As `purpose#version`. */
  createdSecrets: string[];
  removedSecrets: string[];
}

/**
 * Keeps the platform's secrets in order: makes those that are missing, a new version of each that is a
 * month old, and removes a replaced one once the last thing made with it has expired. A compromised one
 * is replaced at once, and what was made with it is worth nothing as soon as an environment looks.
 */
export async function rotatePlatformSecrets(
  compromised: readonly SecretPurpose[],
  { store, keys, now }: { store: PlatformKeyStore; keys: WrappedKeys; now: Clock },
): Promise<SecretsReport> {
  const report: SecretsReport = { createdSecrets: [], removedSecrets: [] };
  const existing = await store.listSecrets();
  for (const purpose of secretPurposes) {
    const versions = existing.filter((item) => item.purpose === purpose);
    const { addsFromMs, removed } = plan(purpose, versions, compromised.includes(purpose), now());
    if (addsFromMs !== undefined) {
      const version = (versions.at(-1)?.version ?? 0) + 1;
      const wrapped = await keys.generate(secretContext(purpose, version));
      const isAdded = await store.addSecret({
        purpose,
        version,
        wrapped,
        activeFromMs: addsFromMs,
      });
      if (isAdded) report.createdSecrets.push(`${purpose}#${version}`);
    }
    // After the new one is there: whoever is interrupted leaves one version too many, never none.
    for (const item of removed) {
      await store.removeSecret(item);
      report.removedSecrets.push(`${purpose}#${item.version}`);
    }
  }
  return report;
}

/** What the versions of a secret lack, and which of them are no longer needed. */
function plan(
  purpose: SecretPurpose,
  versions: readonly SecretItem[],
  isCompromised: boolean,
  nowMs: number,
): { addsFromMs?: number; removed: readonly SecretItem[] } {
  const lifetimeMs = lastsMs[purpose];
  const active = versions.filter(({ activeFromMs }) => activeFromMs <= nowMs);
  const inUse = active.at(-1);
  if (!inUse) return { ...(versions.length === 0 && { addsFromMs: nowMs }), removed: [] };
  if (isCompromised) {
    return { addsFromMs: nowMs, removed: lifetimeMs === undefined ? [] : versions };
  }
  if (lifetimeMs === undefined) return { removed: [] };
  const inUseForMs = nowMs - inUse.activeFromMs;
  const isDue = inUseForMs >= rotationPeriodMs && versions.length === active.length;
  return {
    ...(isDue && { addsFromMs: nowMs + announceAheadMs }),
    removed: inUseForMs > lifetimeMs + toleranceMs ? active.slice(0, -1) : [],
  };
}
