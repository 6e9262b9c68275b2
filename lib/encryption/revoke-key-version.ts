import { Problem } from "../problem.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import type { KeyPurpose } from "./key-id.ts";
import { formatKeyId } from "./key-id.ts";
import { epochCheckMs } from "./key-ring.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";
import type { KeyAudit } from "./rotate-encryption-key.ts";
import { rotateEncryptionKey } from "./rotate-encryption-key.ts";

/**
 * Withdraws one compromised version, whichever it is. The newest one is rotated away from first, so
 * that sealing goes on. Asking again gives the first answer. A version of our own records is refused
 * until the re-encrypt job has moved them all: withdrawn before, it would lock members out.
 * @returns `effectiveAtMs`, from which on no environment opens anything with it
 * @throws Problem `key-version-unknown`, `key-version-in-use`, `key-destroyed`, `erasure-pending`,
 * `too-many-rotations`, `rotation-conflict`, `contention`, `kms-denied`, `kms-throttled`,
 * `kms-unavailable`
 */
export async function revokeKeyVersion(
  dependencies: KeyManagementDependencies,
  request: {
    readonly manufacturerId: string;
    readonly sessionId: string;
    readonly purpose: KeyPurpose;
    readonly version: number;
  },
  audit: KeyAudit = () => [],
): Promise<{ keyId: string; revokedAtMs: number; effectiveAtMs: number }> {
  const { now, store } = dependencies;
  const { manufacturerId, purpose } = request;
  const keyId = formatKeyId(purpose, request.version);
  const version = await readKnown(dependencies, manufacturerId, keyId);
  if (version.revokedAtMs !== undefined) return answer(keyId, version.revokedAtMs);
  requireUnused(version);
  if (version.state === "enabled") await rotateEncryptionKey(dependencies, request, audit);
  const revokedAtMs = now();
  const outcome = await store.revoke(
    { manufacturerId, keyId, purpose, revokedAtMs },
    audit("revoked", keyId),
  );
  if (outcome.committed) return answer(keyId, revokedAtMs);
  const after = await readKnown(dependencies, manufacturerId, keyId);
  if (after.revokedAtMs !== undefined) return answer(keyId, after.revokedAtMs);
  requireUnused(after);
  throw new Problem("rotation-conflict");
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

const answer = (keyId: string, revokedAtMs: number) => ({
  keyId,
  revokedAtMs,
  effectiveAtMs: revokedAtMs + epochCheckMs,
});
