import { timingSafeEqual } from "node:crypto";
import { Problem } from "../problem.ts";
import type { FipsPolicy } from "./algorithms.ts";
import { requireApproved } from "./algorithms.ts";
import { decryptAuthenticated } from "./authenticated-encryption.ts";
import { deriveRecordKey } from "./derive-key.ts";
import type { Envelope } from "./envelope.ts";
import { decodeBytes, decodeField } from "./envelope.ts";
import { canonicalHeader } from "./header.ts";
import type { ManufacturerKey } from "./seal-record.ts";

/**
 * Opens an envelope that `parseEnvelope` has read, with the key version it names. Manufacturer,
 * region, time, key id and context are proven by the commitment before anything is decrypted.
 * @throws Problem `tenant-mismatch`, `residency-violation`, `algorithm-not-approved`,
 * `envelope-malformed`, `commitment-mismatch` (header, salt or key changed), `ciphertext-tampered`
 */
export function openRecord(request: {
  readonly key: ManufacturerKey;
  readonly envelope: Envelope;
  readonly fips: FipsPolicy;
}): Buffer {
  const { envelope, key } = request;
  if (envelope.manufacturerId !== key.manufacturerId) throw new Problem("tenant-mismatch");
  if (envelope.region !== key.region) throw new Problem("residency-violation");
  requireApproved(envelope.algorithm, "open", request.fips);
  const additionalData = canonicalHeader(envelope);
  const record = deriveRecordKey(key.pseudorandomKey, decodeField(envelope.salt), additionalData);
  if (!timingSafeEqual(record.commitment, decodeField(envelope.commitment))) {
    throw new Problem("commitment-mismatch");
  }
  const ciphertext = decodeBytes(envelope.ciphertext);
  if (ciphertext === undefined) {
    throw new Problem("envelope-malformed", {
      extra: { errors: [{ pointer: "/ciphertext", code: "invalid_format" }] },
    });
  }
  return decryptAuthenticated({
    algorithm: envelope.algorithm,
    key: record.key,
    initializationVector: decodeField(envelope.iv),
    additionalData,
    ciphertext,
    tag: decodeField(envelope.tag),
  });
}
