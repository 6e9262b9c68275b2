import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Algorithm, FipsPolicy } from "../../../lib/encryption/algorithms.ts";
import type { Envelope } from "../../../lib/encryption/envelope.ts";
import { parseEnvelope, plaintextBytesMax } from "../../../lib/encryption/envelope.ts";
import { openRecord } from "../../../lib/encryption/open-record.ts";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";
import type { ManufacturerKey, SealRequest } from "../../../lib/encryption/seal-record.ts";
import { sealRecord } from "../../../lib/encryption/seal-record.ts";
import { fixedKey } from "./fixed-key.ts";
import { problemCode } from "./problem-code.ts";

const algorithms: readonly Algorithm[] = ["AES-256-GCM", "ChaCha20-Poly1305"];
const random = createRandomPool();
const key = fixedKey();

const seal = (overrides: Partial<SealRequest> = {}): Envelope =>
  sealRecord({
    key,
    plaintext: Buffer.from("the plaintext"),
    algorithm: "AES-256-GCM",
    context: { order: "17" },
    now: Date.UTC(2026, 10, 24),
    random,
    fips: "off",
    ...overrides,
  });

const open = (envelope: unknown, under: ManufacturerKey = key, fips: FipsPolicy = "off"): Buffer =>
  openRecord({ key: under, envelope: parseEnvelope(envelope), fips });

/** Every envelope that differs from `envelope` in one bit of one character of one field. */
function* flippedBits(envelope: Envelope): Generator<[field: string, changed: unknown]> {
  const flip = function* (text: string): Generator<string> {
    for (let index = 0; index < text.length; index += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
        yield text.slice(0, index) + changed + text.slice(index + 1);
      }
    }
  };
  const { context, ...fields } = envelope;
  for (const [name, value = ""] of Object.entries(fields)) {
    for (const changed of flip(value)) yield [name, { ...envelope, [name]: changed }];
  }
  for (const [name, value] of Object.entries(context)) {
    for (const changed of flip(name))
      yield ["context name", { ...envelope, context: { [changed]: value } }];
    for (const changed of flip(value))
      yield ["context value", { ...envelope, context: { [name]: changed } }];
  }
}

describe("a sealed record", () => {
  it("opens to the bytes that went in, for any bytes, context and algorithm", () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5000 }),
        fc.constantFrom(...algorithms),
        fc.dictionary(text, text, { maxKeys: 4 }),
        (plaintext, algorithm, context) => {
          fc.pre(!Object.hasOwn(context, "__proto__"));
          const envelope = seal({ plaintext, algorithm, context });
          expect(new Uint8Array(open(JSON.parse(JSON.stringify(envelope))))).toEqual(plaintext);
        },
      ),
    );
  });

  it("shows who sealed it, when, where and with what, and nothing of the plaintext", () => {
    const envelope = seal({ plaintext: Buffer.from("A".repeat(300)) });
    expect(envelope).toMatchObject({
      version: "1",
      algorithm: "AES-256-GCM",
      manufacturerId: "mfr_first",
      keyId: "envelope#000001",
      region: "eu-central-1",
      timestamp: "2026-11-24T00:00:00.000Z",
      context: { order: "17" },
    });
    expect(envelope.ciphertext).not.toContain("QUFBQUFB");
  });

  it("never repeats salt, initialization vector, commitment or ciphertext", () => {
    const envelopes = Array.from({ length: 500 }, () => seal());
    for (const name of ["salt", "iv", "commitment", "ciphertext"] as const) {
      expect(new Set(envelopes.map((envelope) => envelope[name])).size, name).toBe(500);
    }
  });

  it.each(algorithms)(
    "is refused with a code after a change of any one bit of it (%s)",
    (algorithm) => {
      const envelope = seal({ algorithm, content: "bytes", plaintext: Buffer.from("short") });
      const codes = new Map<string, Set<string>>();
      for (const [field, changed] of flippedBits(envelope)) {
        const code = problemCode(() => open(changed));
        codes.set(field, (codes.get(field) ?? new Set()).add(code));
      }
      const found = Object.fromEntries([...codes].map(([field, set]) => [field, [...set].sort()]));
      expect(found).toEqual({
        version: ["envelope-malformed"],
        algorithm: ["envelope-malformed"],
        manufacturerId: ["envelope-malformed", "tenant-mismatch"],
        keyId: ["commitment-mismatch", "envelope-malformed"],
        region: ["envelope-malformed", "residency-violation"],
        timestamp: ["commitment-mismatch", "envelope-malformed"],
        content: ["envelope-malformed"],
        "context name": ["commitment-mismatch"],
        "context value": ["commitment-mismatch"],
        salt: ["commitment-mismatch", "envelope-malformed"],
        iv: ["ciphertext-tampered", "envelope-malformed"],
        commitment: ["commitment-mismatch", "envelope-malformed"],
        tag: ["ciphertext-tampered", "envelope-malformed"],
        ciphertext: ["ciphertext-tampered", "envelope-malformed"],
      });
    },
  );

  it("is refused when it is cut short or made longer", () => {
    const envelope = seal();
    expect(problemCode(() => open({ ...envelope, ciphertext: "" }))).toBe("ciphertext-tampered");
    const longer = `${envelope.ciphertext}AAAA`.slice(0, -2);
    expect(problemCode(() => open({ ...envelope, ciphertext: longer }))).not.toBe("none");
  });

  it("is refused under the other algorithm", () => {
    for (const algorithm of algorithms) {
      const other = algorithms.find((name) => name !== algorithm);
      const changed = { ...seal({ algorithm }), algorithm: other };
      expect(problemCode(() => open(changed))).toBe("commitment-mismatch");
    }
  });

  it("is refused under any other key, even one that claims the same names", () => {
    const envelope = seal();
    const { pseudorandomKey } = fixedKey({ keyId: "envelope#000002" });
    expect(problemCode(() => open(envelope, { ...key, pseudorandomKey }))).toBe(
      "commitment-mismatch",
    );
  });

  it("is refused with any field taken from another envelope of the same key", () => {
    const one = seal({ context: { order: "17" }, now: 1 });
    const other = seal({ context: { order: "18" }, now: 2 });
    for (const name of ["timestamp", "context", "salt", "commitment"] as const) {
      const code = problemCode(() => open({ ...one, [name]: other[name] }));
      expect(code, name).toBe("commitment-mismatch");
    }
    for (const name of ["iv", "tag", "ciphertext"] as const) {
      const code = problemCode(() => open({ ...one, [name]: other[name] }));
      expect(code, name).toBe("ciphertext-tampered");
    }
  });

  it.each([
    ["manufacturerId", { manufacturerId: "mfr_second" }, "tenant-mismatch"],
    ["region", { region: "us-east-1" }, "residency-violation"],
    ["keyId", { keyId: "envelope#000002" }, "commitment-mismatch"],
  ] as const)(
    "is refused with another %s, under either of the two keys",
    (name, named, expected) => {
      const otherKey = fixedKey(named);
      const mine = seal();
      const theirs = seal({ key: otherKey });
      const swapped = { ...mine, [name]: theirs[name] };
      expect(problemCode(() => open(swapped, key))).toBe(expected);
      expect(problemCode(() => open(swapped, otherKey))).toBe("commitment-mismatch");
      const swappedBack = { ...theirs, [name]: mine[name] };
      expect(problemCode(() => open(swappedBack, otherKey))).toBe(expected);
      expect(problemCode(() => open(swappedBack, key))).toBe("commitment-mismatch");
    },
  );

  it("holds at most 1,500,000 bytes, and then still fits a request body of 2 MiB", () => {
    const plaintext = Buffer.alloc(plaintextBytesMax);
    const envelope = seal({ plaintext });
    expect(JSON.stringify({ envelope }).length).toBeLessThan(2 ** 21);
    expect(open(envelope).equals(plaintext)).toBe(true);
    const tooLong = Buffer.alloc(plaintextBytesMax + 1);
    expect(problemCode(() => seal({ plaintext: tooLong }))).toBe("limit-exceeded");
  });
});

describe("FIPS policy", () => {
  it.each([
    ["off", "none", "none"],
    ["prefer", "algorithm-not-approved", "none"],
    ["require", "algorithm-not-approved", "algorithm-not-approved"],
  ] as const)(
    "%s: sealing with ChaCha20-Poly1305 gives %s, opening %s",
    (fips, sealing, opening) => {
      const algorithm = "ChaCha20-Poly1305";
      const old = seal({ algorithm });
      expect(problemCode(() => seal({ algorithm, fips }))).toBe(sealing);
      expect(problemCode(() => open(old, key, fips))).toBe(opening);
    },
  );

  it.each(["off", "prefer", "require"] as const)("%s: AES-256-GCM seals and opens", (fips) => {
    expect(open(seal({ fips }), key, fips).toString()).toBe("the plaintext");
  });
});
