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
 * that sealing goes on. Asking again gives the first answer.
 * @returns `effectiveAtMs`, from which on no environment opens anything with it
 * @throws Problem `key-version-unknown`, `key-destroyed`, `erasure-pending`, `rotation-conflict`,
 * `contention`, `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function revokeKeyVersion(
  dependencies: KeyManagementDependencies,
  request: {
    readonly manufacturerId: string;
    readonly purpose: KeyPurpose;
    readonly version: number;
  },
  audit: KeyAudit = () => [],
): Promise<{ keyId: string; revokedAtMs: number; effectiveAtMs: number }> {
  const { now, store } = dependencies;
  const { manufacturerId } = request;
  const keyId = formatKeyId(request.purpose, request.version);
  const version = await readKnown(dependencies, manufacturerId, keyId);
  if (version.state === "enabled") await rotateEncryptionKey(dependencies, request, audit);
  if (version.revokedAtMs !== undefined) return answer(keyId, version.revokedAtMs);
  const revokedAtMs = now();
  const outcome = await store.revoke(
    { manufacturerId, keyId, revokedAtMs },
    audit("revoked", keyId),
  );
  if (outcome.committed) return answer(keyId, revokedAtMs);
  const after = await readKnown(dependencies, manufacturerId, keyId);
  if (after.revokedAtMs === undefined) throw new Problem("rotation-conflict");
  return answer(keyId, after.revokedAtMs);
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
