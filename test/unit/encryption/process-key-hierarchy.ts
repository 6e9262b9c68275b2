import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { KeyHierarchy, KeyIdentity } from "../../../lib/encryption/key-hierarchy.ts";
import { Problem } from "../../../lib/problem.ts";

/** A key hierarchy whose top key lives in this process: it wraps for real and counts its calls. */
export function createProcessKeyHierarchy(region = "eu-central-1"): KeyHierarchy & {
  readonly calls: { generate: number; unwrap: number };
  /** Refuses every call with this code, until it is taken back. */
  refusal: "kms-denied" | "kms-unavailable" | undefined;
} {
  const root = randomBytes(32);
  const calls = { generate: 0, unwrap: 0 };
  const bound = (identity: KeyIdentity): Buffer => {
    const { keyId, manufacturerId, purpose } = identity;
    return Buffer.from(JSON.stringify([keyId, manufacturerId, purpose, identity.region]));
  };
  return {
    region,
    calls,
    refusal: undefined,
    async generate(identity) {
      calls.generate += 1;
      if (this.refusal !== undefined) throw new Problem(this.refusal);
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", root, iv).setAAD(bound(identity));
      const sealed = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
      const wrappedKey = Buffer.concat([iv, cipher.getAuthTag(), sealed]);
      return { wrappedKey, kmsKeyArn: `arn:aws:kms:${region}:000000000000:key/process` };
    },
    async unwrap(identity, { wrappedKey }) {
      calls.unwrap += 1;
      if (this.refusal !== undefined) throw new Problem(this.refusal);
      const decipher = createDecipheriv("aes-256-gcm", root, wrappedKey.subarray(0, 12));
      decipher.setAAD(bound(identity)).setAuthTag(wrappedKey.subarray(12, 28));
      const key = decipher.update(wrappedKey.subarray(28));
      try {
        decipher.final();
      } catch (cause) {
        throw new Problem("ciphertext-tampered", { cause });
      }
      return key;
    },
  };
}
