import { createSecretKey, randomBytes } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import type { Contender } from "./contender.ts";

/** A compact JWE (RFC 7516) with one direct AES-256-GCM key. */
export async function joseEncryption(plaintext: Uint8Array): Promise<Contender> {
  const key = createSecretKey(randomBytes(32));
  const seal = () =>
    new CompactEncrypt(plaintext).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(key);
  const sealed = await seal();
  return { name: "jose JWE, dir + A256GCM", seal, open: () => compactDecrypt(sealed, key) };
}
