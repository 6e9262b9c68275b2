import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";
import { createRandomPool } from "../../lib/encryption/random-pool.ts";
import type { Contender } from "./contender.ts";

const key = createSecretKey(randomBytes(32));
const random = createRandomPool();

function seal(plaintext: Uint8Array) {
  const iv = random(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

function open({ ciphertext, iv, tag }: ReturnType<typeof seal>): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  decipher.final();
  return plaintext;
}

/** AES-256-GCM and nothing else: one key, no header, no encoding. The limit that the others are held to. */
export function bareCipher(plaintext: Uint8Array): Contender {
  const sealed = seal(plaintext);
  return {
    name: "node:crypto AES-256-GCM (the limit)",
    seal: () => seal(plaintext),
    open: () => open(sealed),
  };
}

/** The same between a JSON value and bytes. */
export function bareCipherWithJson(data: unknown): Contender {
  const sealed = seal(Buffer.from(JSON.stringify(data)));
  return {
    name: "JSON and node:crypto AES-256-GCM (the limit)",
    seal: () => seal(Buffer.from(JSON.stringify(data))),
    open: () => JSON.parse(open(sealed).toString()),
  };
}
