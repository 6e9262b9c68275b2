import { argon2Sync, randomBytes } from "node:crypto";
import { secretOf } from "./secrets.ts";

/** A hash of the least cost that the format knows, for tests that count and take no times. */
export function cheapHash(message: string): string {
  const nonce = randomBytes(16);
  const hash = argon2Sync("argon2id", {
    message,
    nonce,
    secret: secretOf(1).key,
    memory: 8,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  const [salt, tag] = [nonce, hash].map((bytes) => bytes.toString("base64").replaceAll("=", ""));
  return `$argon2id$v=19$m=8,t=1,p=1,keyid=1$${salt}$${tag}`;
}
