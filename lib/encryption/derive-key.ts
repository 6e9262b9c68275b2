import type { KeyObject } from "node:crypto";
import { createHmac, createSecretKey } from "node:crypto";
import { keyBytes } from "./authenticated-encryption.ts";
import { domain } from "./header.ts";

const hashBytes = 64;
const blocksMax = 255;
const nothing = Buffer.alloc(0);
const commitmentBytes = 32;
const derivationLabel = Buffer.from(`${domain}/derive`);

/**
 * HKDF-Extract with SHA-512 (RFC 5869 section 2.2): one pseudorandom key per manufacturer key
 * version, from its 256-bit random key and the manufacturer's 256-bit random salt.
 */
export function extractKey(salt: Uint8Array, inputKey: Uint8Array): Buffer {
  return createHmac("sha512", salt).update(inputKey).digest();
}

/**
 * HKDF-Expand with SHA-512 (RFC 5869 section 2.3): `length` bytes, at most 255 blocks of 64.
 * @param info in parts, which are joined
 * @throws RangeError past that limit
 */
export function expandKey(
  pseudorandomKey: KeyObject,
  info: readonly Uint8Array[],
  length: number,
): Buffer {
  if (length > blocksMax * hashBytes) throw new RangeError("HKDF-Expand yields at most 255 blocks");
  const blocks: Buffer[] = [];
  for (let index = 1; blocks.length * hashBytes < length; index += 1) {
    const input = [blocks.at(-1) ?? nothing, ...info, Uint8Array.of(index)];
    blocks.push(createHmac("sha512", pseudorandomKey).update(Buffer.concat(input)).digest());
  }
  const [first] = blocks;
  if (first?.length === length) return first;
  const output = Buffer.concat(blocks, length);
  for (const block of blocks) block.fill(0);
  return output;
}

export interface RecordKey {
  readonly key: KeyObject;
  /** Publishing it fixes key and header: no second key opens the same envelope to other data. */
  readonly commitment: Buffer;
}

/**
 * Derives the key of one record and the commitment to it from 256 bits of record salt and the
 * canonical header. Because the header enters here, a changed tenant, region, time or context gives
 * another key: it is noticed by the commitment, before anything is decrypted.
 */
export function deriveRecordKey(
  pseudorandomKey: KeyObject,
  salt: Uint8Array,
  header: Uint8Array,
): RecordKey {
  const info = [derivationLabel, salt, header];
  const block = expandKey(pseudorandomKey, info, keyBytes + commitmentBytes);
  const key = createSecretKey(block.subarray(0, keyBytes));
  block.fill(0, 0, keyBytes);
  return { key, commitment: block.subarray(keyBytes) };
}
