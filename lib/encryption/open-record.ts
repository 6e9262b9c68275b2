import { timingSafeEqual } from "node:crypto";
import { Problem } from "../problem.ts";
import type { FipsPolicy } from "./algorithms.ts";
import { requireApproved } from "./algorithms.ts";
import { decryptAuthenticated } from "./authenticated-encryption.ts";
import { deriveRecordKey } from "./derive-key.ts";
import type { Envelope } from "./envelope.ts";
import { decodeBytes, decodeField } from "./envelope.ts";
import { canonicalHeader } from "./header.ts";
import type { ManufacturerKey, SealedRecord } from "./seal-record.ts";

/**
 * Opens a sealed record with the key version it names. Manufacturer, region, time, key id, kind and
 * context are proven by the commitment before anything is decrypted.
 * @throws Problem `tenant-mismatch`, `residency-violation`, `algorithm-not-approved`,
 * `commitment-mismatch` (header, salt or key changed), `ciphertext-tampered`
 */
export function openBytes(request: {
  readonly key: ManufacturerKey;
  readonly sealed: SealedRecord;
  readonly fips: FipsPolicy;
}): Buffer {
  const { key, sealed } = request;
  const { header, initializationVector, ciphertext, tag } = sealed;
  if (header.manufacturerId !== key.manufacturerId) throw new Problem("tenant-mismatch");
  if (header.region !== key.region) throw new Problem("residency-violation");
  requireApproved(header.algorithm, "open", request.fips);
  const additionalData = canonicalHeader(header);
  const record = deriveRecordKey(key.pseudorandomKey, sealed.salt, additionalData);
  if (!timingSafeEqual(record.commitment, sealed.commitment)) {
    throw new Problem("commitment-mismatch");
  }
  const { algorithm } = header;
  const cipher = { algorithm, key: record.key, initializationVector, additionalData };
  return decryptAuthenticated({ ...cipher, ciphertext, tag });
}

/**
 * Opens an envelope that `parseEnvelope` has read.
 * @throws Problem as `openBytes`, and `envelope-malformed` (the ciphertext is no base64url)
 */
export function openRecord({
  envelope,
  ...request
}: {
  readonly key: ManufacturerKey;
  readonly envelope: Envelope;
  readonly fips: FipsPolicy;
}): Buffer {
  const ciphertext = decodeBytes(envelope.ciphertext);
  if (ciphertext === undefined) {
    throw new Problem("envelope-malformed", {
      extra: { errors: [{ pointer: "/ciphertext", code: "invalid_format" }] },
    });
  }
  const sealed = {
    header: envelope,
    salt: decodeField(envelope.salt),
    initializationVector: decodeField(envelope.iv),
    commitment: decodeField(envelope.commitment),
    tag: decodeField(envelope.tag),
    ciphertext,
  };
  return openBytes({ ...request, sealed });
}
