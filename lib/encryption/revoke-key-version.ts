import { Problem } from "../problem.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import type { KeyPurpose } from "./key-id.ts";
import { formatKeyId } from "./key-id.ts";
import { epochCheckMs } from "./key-ring.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";
import type { KeyAudit } from "./rotate-encryption-key.ts";
import { rotateEncryptionKey } from "./rotate-encryption-key.ts";
import type { RevokedVersion } from "./store.ts";

/**
 * How long after its replacement an environment may still seal with a version: it notices within
 * `epochCheckMs`, and a request that is under way then lasts no longer than its function may.
 */
const lateSealMs = epochCheckMs + 30_000;

/** Which version is to be withdrawn, by which session, and how. */
export interface RevocationRequest {
  readonly manufacturerId: string;
  readonly sessionId: string;
  readonly purpose: KeyPurpose;
  readonly version: number;
  /** Withdraw at once, whatever environments are still sealing with it. */
  readonly force?: boolean;
  /** How long it goes on to open, so that data can be moved: 30 s unless said. */
  readonly graceMs?: number;
}

/**
 * Withdraws one version, whichever it is. The newest one is rotated away from first, so that sealing
 * goes on. Until its date the version opens; from then on it opens only what environments sealed with
 * it after it was replaced, before they noticed: nothing that was answered after this is lost. `force`
 * gives that up, and every environment refuses the version from `epochCheckMs` on.
 *
 * Asking again gives the first answer; asking again with `force` closes what was left open. A version
 * of our own records is refused until the re-encrypt job has moved them all: withdrawn before, it
 * would lock members out.
 * @returns the version as it is withdrawn
 * @throws Problem `key-version-unknown`, `key-version-in-use`, `key-destroyed`, `erasure-pending`,
 * `too-many-rotations`, `rotation-conflict`, `contention`, `kms-denied`, `kms-throttled`,
 * `kms-unavailable`
 */
export async function revokeKeyVersion(
  dependencies: KeyManagementDependencies,
  request: RevocationRequest,
  audit: KeyAudit = () => [],
): Promise<KeyVersion> {
  const { now, store } = dependencies;
  const { force = false, manufacturerId, purpose } = request;
  const keyId = formatKeyId(purpose, request.version);
  const before = await readKnown(dependencies, manufacturerId, keyId);
  if (isWithdrawn(before, force)) return before;
  requireUnused(before);
  if (before.state === "enabled") await rotateEncryptionKey(dependencies, request, audit);
  const version =
    before.state === "enabled" ? await readKnown(dependencies, manufacturerId, keyId) : before;
  const { from, ...withdrawal } = withdraw(version, request, now());
  const outcome = await store.revoke(
    { from, ...withdrawal, manufacturerId, keyId },
    audit("revoked", keyId),
  );
  if (outcome.committed) {
    const { lateSealsUntilMs: _, ...replaced } = version;
    return {
      ...replaced,
      ...withdrawal,
      revokedAtMs: version.revokedAtMs ?? withdrawal.revokedAtMs,
    };
  }
  const after = await readKnown(dependencies, manufacturerId, keyId);
  if (isWithdrawn(after, force)) return after;
  requireUnused(after);
  throw new Problem("rotation-conflict");
}

const isWithdrawn = ({ revokedAtMs, state }: KeyVersion, force: boolean): boolean =>
  revokedAtMs !== undefined && (state !== "revoking" || !force);

/** The states it may be withdrawn from, the one it gets, and the dates. */
function withdraw(
  { purpose, retiredAtMs = 0 }: KeyVersion,
  { force, graceMs = epochCheckMs }: RevocationRequest,
  revokedAtMs: number,
): Omit<RevokedVersion, "manufacturerId" | "keyId"> {
  const atOnce = {
    state: "revoked",
    revokedAtMs,
    effectiveAtMs: revokedAtMs + epochCheckMs,
  } as const;
  if (purpose === "record") return { ...atOnce, from: ["blocked"] };
  if (force) return { ...atOnce, from: ["retiring", "revoking"] };
  const lateSealsUntilMs = retiredAtMs + lateSealMs;
  return {
    from: ["retiring"],
    state: "revoking",
    revokedAtMs,
    effectiveAtMs: revokedAtMs + Math.max(graceMs, epochCheckMs),
    ...(lateSealsUntilMs > revokedAtMs && { lateSealsUntilMs }),
  };
}

/** @throws Problem `key-version-in-use` */
function requireUnused({ purpose, state }: KeyVersion): void {
  if (purpose === "envelope" || state === "blocked") return;
  throw new Problem("key-version-in-use", {
    detail: "Rotate it, and revoke it once its state is blocked: its records have moved by then.",
  });
}

/** @throws Problem `key-version-unknown`, `key-destroyed` */
async function readKnown(
  { store }: KeyManagementDependencies,
  manufacturerId: string,
  keyId: string,
): Promise<KeyVersion> {
  const version = await store.readVersion(manufacturerId, keyId);
  if (version === undefined) throw new Problem("key-version-unknown");
  if (version.state === "destroyed") throw new Problem("key-destroyed");
  return version;
}
