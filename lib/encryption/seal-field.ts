import { Problem } from "../problem.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import { parseEnvelope } from "./envelope.ts";
import { openRecord } from "./open-record.ts";
import { requireContext } from "./require-context.ts";
import { sealRecord } from "./seal-record.ts";

/**
 * Where a sealed attribute lives. It is bound into the key, so that a value copied to another item,
 * member or manufacturer does not open there.
 */
export interface FieldPlace {
  readonly manufacturerId: string;
  readonly pk: string;
  readonly sk: string;
  readonly attribute: string;
}

/**
 * Seals one attribute of one of our own items, for instance a TOTP secret at
 * `{ pk: "MEM#…", sk: "FACTOR#…", attribute: "secret" }`. Always AES-256-GCM.
 * @throws Problem `limit-exceeded`, `residency-violation`, `erasure-pending`, `key-destroyed`,
 * `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function sealField(
  dependencies: EncryptionDependencies,
  place: FieldPlace,
  plaintext: Uint8Array,
): Promise<Envelope> {
  const key = await dependencies.keyRing.sealingKey(
    place.manufacturerId,
    "record",
    plaintext.byteLength,
  );
  return sealRecord({
    key,
    plaintext,
    algorithm: "AES-256-GCM",
    context: contextOf(place),
    now: dependencies.now(),
    random: dependencies.random,
    fips: dependencies.fips,
  });
}

/**
 * Opens an attribute at the place it was read from, which must be the place it was sealed for.
 * @throws Problem `envelope-malformed`, `tenant-mismatch`, `commitment-mismatch` (moved or changed),
 * `ciphertext-tampered`, `residency-violation`, `key-version-unknown`, `key-version-retired`,
 * `key-revoked`, `key-destroyed`, `erasure-pending`, `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function openField(
  { fips, keyRing }: Pick<EncryptionDependencies, "fips" | "keyRing">,
  place: FieldPlace,
  sealed: unknown,
): Promise<Buffer> {
  const envelope = parseEnvelope(sealed);
  const { manufacturerId } = place;
  if (envelope.manufacturerId !== manufacturerId) throw new Problem("tenant-mismatch");
  requireContext(envelope, contextOf(place));
  const key = await keyRing.openingKey(
    { manufacturerId, keyId: envelope.keyId, purpose: "record" },
    envelope.ciphertext.length,
  );
  return openRecord({ key, envelope, fips });
}

function contextOf({ attribute, pk, sk }: FieldPlace): Record<string, string> {
  return { attribute, pk, sk };
}
