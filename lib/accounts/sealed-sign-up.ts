import { createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import {
  decryptAuthenticated,
  encryptAuthenticated,
  initializationVectorBytes,
  keyBytes,
} from "../encryption/authenticated-encryption.ts";
import type { SignUp } from "./store.ts";

/** What only the token of a link opens. */
export interface SealedByToken {
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const labels = {
  signUp: "manufacturer-security/sign-up/1",
  passwordHash: "manufacturer-security/sign-up-password/1",
} as const;

type Label = (typeof labels)[keyof typeof labels];

/**
 * Seals what a stranger told us until they show that the address is theirs. The key comes from the
 * link's token by HKDF-SHA-256 (RFC 5869): the table, which has the token's digest, cannot read it,
 * and strangers cost no KMS call.
 */
export const sealSignUp = (token: string, signUp: SignUp): SealedByToken =>
  seal(token, labels.signUp, JSON.stringify(signUp));

/** @throws Problem `ciphertext-tampered` with another token than it was sealed with */
export const openSignUp = (token: string, sealed: SealedByToken): SignUp =>
  JSON.parse(open(token, labels.signUp, sealed));

/** The hash of the password that was chosen: apart, since it is asked for after the rest has gone too. */
export const sealPasswordHash = (token: string, passwordHash: string): SealedByToken =>
  seal(token, labels.passwordHash, passwordHash);

/** @throws Problem `ciphertext-tampered` with another token than it was sealed with */
export const openPasswordHash = (token: string, sealed: SealedByToken): string =>
  open(token, labels.passwordHash, sealed);

function seal(token: string, label: Label, text: string): SealedByToken {
  const iv = randomBytes(initializationVectorBytes);
  const plaintext = Buffer.from(text);
  return { iv, ...encryptAuthenticated({ ...suiteOf(token, label, iv), plaintext }) };
}

const open = (token: string, label: Label, { iv, ...sealed }: SealedByToken): string =>
  decryptAuthenticated({ ...suiteOf(token, label, iv), ...sealed }).toString();

const suiteOf = (token: string, label: Label, initializationVector: Uint8Array) => ({
  algorithm: "AES-256-GCM" as const,
  key: createSecretKey(new Uint8Array(hkdfSync("sha256", token, "", label, keyBytes))),
  initializationVector,
  additionalData: Buffer.from(label),
});
