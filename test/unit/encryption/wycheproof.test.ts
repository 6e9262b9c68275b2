import { createSecretKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Algorithm } from "../../../lib/encryption/algorithms.ts";
import {
  decryptAuthenticated,
  encryptAuthenticated,
} from "../../../lib/encryption/authenticated-encryption.ts";
import { expandKey, extractKey } from "../../../lib/encryption/derive-key.ts";
import { Problem } from "../../../lib/problem.ts";

interface AeadVector {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: "valid" | "invalid";
}

interface HkdfVector {
  readonly tcId: number;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: "valid" | "invalid";
}

const repository = join(import.meta.dirname, "../../..");
const directory = join(
  process.env["MSF_DATA_DIR"] ?? join(repository, "../shared/data"),
  "wycheproof",
);
const areVectorsHere = existsSync(directory);
if (!areVectorsHere) console.log(`skipped: Wycheproof vectors are not in ${directory}`);

function readVectors<Vector>(name: string): Vector[] {
  const file: { testGroups: { tests: Vector[] }[] } = JSON.parse(
    readFileSync(join(directory, `${name}.json`), "utf8"),
  );
  return file.testGroups.flatMap(({ tests }) => tests);
}

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const isOurSize = ({ iv, key, tag }: AeadVector): boolean =>
  key.length === 64 && iv.length === 24 && tag.length === 32;

/** `opened`: round trip as the vector says. `refused`: with a problem. Anything else is thrown on. */
function runAead(algorithm: Algorithm, vector: AeadVector): "opened" | "refused" | "wrong" {
  const input = {
    algorithm,
    key: createSecretKey(hex(vector.key)),
    initializationVector: hex(vector.iv),
    additionalData: hex(vector.aad),
  };
  try {
    const plaintext = decryptAuthenticated({
      ...input,
      ciphertext: hex(vector.ct),
      tag: hex(vector.tag),
    });
    const sealed = encryptAuthenticated({ ...input, plaintext: hex(vector.msg) });
    const isSame =
      plaintext.equals(hex(vector.msg)) &&
      hex(vector.ct).equals(sealed.ciphertext) &&
      hex(vector.tag).equals(sealed.tag);
    return isSame ? "opened" : "wrong";
  } catch (error) {
    if (error instanceof Problem) return "refused";
    throw error;
  }
}

describe.runIf(areVectorsHere)("Wycheproof", () => {
  it.each([
    ["aes_gcm_test", "AES-256-GCM", 316],
    ["chacha20_poly1305_test", "ChaCha20-Poly1305", 325],
  ] as const)(
    "%s: every valid vector of our sizes opens, everything else is refused",
    (name, algorithm, total) => {
      const vectors = readVectors<AeadVector>(name);
      const counts = { valid: 0, invalid: 0, otherSizes: 0 };
      for (const vector of vectors) {
        const outcome = runAead(algorithm, vector);
        const isExpected = vector.result === "valid" && isOurSize(vector);
        expect({ tcId: vector.tcId, outcome }).toEqual({
          tcId: vector.tcId,
          outcome: isExpected ? "opened" : "refused",
        });
        if (isExpected) counts.valid += 1;
        else if (vector.result === "invalid") counts.invalid += 1;
        else counts.otherSizes += 1;
      }
      console.log(
        `${name}: ${counts.valid} valid opened, ${counts.invalid} invalid refused, ` +
          `${counts.otherSizes} valid of sizes outside the format refused`,
      );
      expect(vectors).toHaveLength(total);
    },
  );

  it("hkdf_sha512_test: every valid vector is derived, every oversized one refused", () => {
    const counts = { valid: 0, invalid: 0 };
    for (const vector of readVectors<HkdfVector>("hkdf_sha512_test")) {
      const derive = (): string => {
        const extracted = createSecretKey(extractKey(hex(vector.salt), hex(vector.ikm)));
        return expandKey(extracted, [hex(vector.info)], vector.size).toString("hex");
      };
      counts[vector.result] += 1;
      if (vector.result === "valid") expect(derive(), `${vector.tcId}`).toBe(vector.okm);
      else expect(derive, `${vector.tcId}`).toThrow(RangeError);
    }
    console.log(
      `hkdf_sha512_test: ${counts.valid} valid derived, ${counts.invalid} invalid refused`,
    );
    expect(counts).toEqual({ valid: 80, invalid: 3 });
  });
});
