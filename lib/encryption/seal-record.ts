import type { KeyObject } from "node:crypto";
import { Problem } from "../problem.ts";
import type { Algorithm, FipsPolicy } from "./algorithms.ts";
import { requireApproved } from "./algorithms.ts";
import type { SealedBytes } from "./authenticated-encryption.ts";
import { encryptAuthenticated, initializationVectorBytes } from "./authenticated-encryption.ts";
import { deriveRecordKey } from "./derive-key.ts";
import type { Envelope } from "./envelope.ts";
import { encodeBytes, plaintextBytesMax } from "./envelope.ts";
import type { EnvelopeHeader } from "./header.ts";
import { canonicalHeader } from "./header.ts";
import type { Withdrawal } from "./manufacturer-keys.ts";
import type { RandomSource } from "./random-pool.ts";

/** One version of a manufacturer's key, unwrapped and extracted, ready to derive record keys. */
export interface ManufacturerKey {
  readonly manufacturerId: string;
  readonly keyId: string;
  readonly region: string;
  readonly pseudorandomKey: KeyObject;
  /** The dates of its withdrawal, which whoever opens with it compares with the time. */
  readonly withdrawal?: Withdrawal;
}

export interface SealRequest {
  readonly key: ManufacturerKey;
  readonly plaintext: Uint8Array;
  readonly algorithm: Algorithm;
  readonly context: Readonly<Record<string, string>>;
  /** JSON unless said. */
  readonly content?: Envelope["content"];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly random: RandomSource;
  readonly fips: FipsPolicy;
}

const recordSaltBytes = 32;

/** A sealed record before its bytes are spelled as text. */
export interface SealedRecord extends SealedBytes {
  readonly header: EnvelopeHeader;
  readonly salt: Uint8Array;
  readonly initializationVector: Uint8Array;
  readonly commitment: Uint8Array;
}

/**
 * Seals `plaintext` under a key used for this record alone.
 * @throws Problem `algorithm-not-approved`, `limit-exceeded` (more than 1,500,000 bytes)
 */
export function sealBytes(request: SealRequest): SealedRecord {
  const { algorithm, key, plaintext } = request;
  requireApproved(algorithm, "seal", request.fips);
  if (plaintext.byteLength > plaintextBytesMax) {
    throw new Problem("limit-exceeded", {
      detail: `an envelope holds at most ${plaintextBytesMax} bytes`,
    });
  }
  const header: EnvelopeHeader = {
    version: "1",
    algorithm,
    manufacturerId: key.manufacturerId,
    keyId: key.keyId,
    region: key.region,
    timestamp: new Date(request.now).toISOString(),
    ...(request.content === undefined ? {} : { content: request.content }),
    context: request.context,
  };
  const additionalData = canonicalHeader(header);
  const salt = request.random(recordSaltBytes);
  const initializationVector = request.random(initializationVectorBytes);
  const record = deriveRecordKey(key.pseudorandomKey, salt, additionalData);
  const { ciphertext, tag } = encryptAuthenticated({
    algorithm,
    key: record.key,
    initializationVector,
    additionalData,
    plaintext,
  });
  return {
    header,
    salt,
    initializationVector,
    commitment: record.commitment,
    tag,
    ciphertext,
  };
}

/**
 * Seals `plaintext` into an envelope.
 * @throws Problem as `sealBytes`
 */
export function sealRecord(request: SealRequest): Envelope {
  const sealed = sealBytes(request);
  return {
    ...sealed.header,
    salt: encodeBytes(sealed.salt),
    iv: encodeBytes(sealed.initializationVector),
    commitment: encodeBytes(sealed.commitment),
    tag: encodeBytes(sealed.tag),
    ciphertext: encodeBytes(sealed.ciphertext),
  };
}
