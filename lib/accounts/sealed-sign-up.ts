import { createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import {
  decryptAuthenticated,
  encryptAuthenticated,
  initializationVectorBytes,
  keyBytes,
} from "../encryption/authenticated-encryption.ts";
import type { SignUp } from "./store.ts";

/** What following a link will do, readable with the link's token alone. */
export interface SealedSignUp {
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const label = "manufacturer-security/sign-up/1";

/**
 * Seals what a stranger told us until they show that the address is theirs. The key comes from the
 * link's token by HKDF-SHA-256 (RFC 5869): the table, which has the token's digest, cannot read it,
 * and strangers cost no KMS call.
 */
export function sealSignUp(token: string, signUp: SignUp): SealedSignUp {
  const iv = randomBytes(initializationVectorBytes);
  const plaintext = Buffer.from(JSON.stringify(signUp));
  return { iv, ...encryptAuthenticated({ ...suiteOf(token, iv), plaintext }) };
}

/** @throws Problem `ciphertext-tampered` with another token than it was sealed with */
export function openSignUp(token: string, { iv, ...sealed }: SealedSignUp): SignUp {
  return JSON.parse(decryptAuthenticated({ ...suiteOf(token, iv), ...sealed }).toString());
}

const suiteOf = (token: string, initializationVector: Uint8Array) => ({
  algorithm: "AES-256-GCM" as const,
  key: createSecretKey(new Uint8Array(hkdfSync("sha256", token, "", label, keyBytes))),
  initializationVector,
  additionalData: Buffer.from(label),
});
