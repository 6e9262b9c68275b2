import type { CipherGCMTypes, KeyObject } from "node:crypto";
import { createCipheriv, createDecipheriv } from "node:crypto";
import { Problem } from "../problem.ts";
import type { Algorithm } from "./algorithms.ts";
import { cipherNames } from "./algorithms.ts";

export const keyBytes = 32;
export const initializationVectorBytes = 12;
const tagBytes = 16;

export interface SealedBytes {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

interface CipherInput {
  readonly algorithm: Algorithm;
  /** 256 bits. A KeyObject, because Node spends several times longer on a key given as bytes. */
  readonly key: KeyObject;
  /** 96 bits, never used twice under one key. */
  readonly initializationVector: Uint8Array;
  readonly additionalData: Uint8Array;
}

/**
 * Encrypts and authenticates `plaintext` (NIST SP 800-38D, or RFC 8439 for ChaCha20-Poly1305) with a
 * 96-bit initialization vector and a 128-bit tag; other sizes are refused.
 * @throws Problem `envelope-malformed` on a size that is not the suite's
 */
export function encryptAuthenticated(
  input: CipherInput & { readonly plaintext: Uint8Array },
): SealedBytes {
  requireSizes(input);
  const cipher = createCipheriv(
    nodeCipherName(input.algorithm),
    input.key,
    input.initializationVector,
    { authTagLength: tagBytes },
  );
  cipher.setAAD(input.additionalData);
  const ciphertext = cipher.update(input.plaintext);
  // Both are stream modes: everything came out of update, final only computes the tag.
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/**
 * Opens what `encryptAuthenticated` sealed. Nothing is returned before the tag was verified.
 * @throws Problem `ciphertext-tampered` when the tag does not verify
 * @throws Problem `envelope-malformed` on a size that is not the suite's
 */
export function decryptAuthenticated(input: CipherInput & SealedBytes): Buffer {
  requireSizes(input);
  if (input.tag.byteLength !== tagBytes) throw wrongSize("tag", tagBytes);
  const decipher = createDecipheriv(
    nodeCipherName(input.algorithm),
    input.key,
    input.initializationVector,
    { authTagLength: tagBytes },
  );
  decipher.setAAD(input.additionalData);
  decipher.setAuthTag(input.tag);
  const plaintext = decipher.update(input.ciphertext);
  try {
    decipher.final();
  } catch (cause) {
    plaintext.fill(0);
    throw new Problem("ciphertext-tampered", { cause });
  }
  return plaintext;
}

function requireSizes(input: CipherInput): void {
  if (input.key.symmetricKeySize !== keyBytes) throw wrongSize("key", keyBytes);
  if (input.initializationVector.byteLength !== initializationVectorBytes) {
    throw wrongSize("initialization vector", initializationVectorBytes);
  }
}

function wrongSize(part: string, bytes: number): Problem {
  return new Problem("envelope-malformed", { detail: `the ${part} must be ${bytes} bytes` });
}

/** Node types its two cipher families as separate overloads although they share one interface. */
function nodeCipherName(algorithm: Algorithm): CipherGCMTypes {
  return cipherNames[algorithm] as CipherGCMTypes;
}
