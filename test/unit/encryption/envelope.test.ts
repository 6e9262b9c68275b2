import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeBytes,
  encodeBytes,
  envelopeText,
  parseEnvelope,
} from "../../../lib/encryption/envelope.ts";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";
import { sealRecord } from "../../../lib/encryption/seal-record.ts";
import { Problem } from "../../../lib/problem.ts";
import { fixedKey } from "./fixed-key.ts";
import { problemCode } from "./problem-code.ts";

const sealed = () =>
  sealRecord({
    key: fixedKey(),
    plaintext: Buffer.from("{}"),
    algorithm: "AES-256-GCM",
    context: { order: "17" },
    now: 0,
    random: createRandomPool(),
    fips: "off",
  });

describe("an envelope as text", () => {
  it("is JSON of the same envelope, whatever is in its context and however long it is", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), {
          maxKeys: 5,
        }),
        fc.uint8Array({ maxLength: 300 }),
        (context, plaintext) => {
          const envelope = sealRecord({
            key: fixedKey(),
            plaintext,
            algorithm: "AES-256-GCM",
            context,
            now: 0,
            random: createRandomPool(),
            fips: "off",
          });
          expect(envelopeText(envelope)).toBe(JSON.stringify(envelope));
        },
      ),
    );
  });
});

describe("an envelope of unknown origin", () => {
  it("is read as it was written", () => {
    const envelope = sealed();
    expect(parseEnvelope(JSON.parse(JSON.stringify(envelope)))).toEqual(envelope);
  });

  it.each([
    ["null", null],
    ["a list", []],
    ["text", "{}"],
    ["nothing", undefined],
    ["an empty object", {}],
  ])("is refused when it is %s", (_, input) => {
    expect(problemCode(() => parseEnvelope(input))).toBe("envelope-malformed");
  });

  it("is refused without any one of its fields, and with one more", () => {
    const envelope = sealed();
    for (const name of Object.keys(envelope)) {
      const { [name as keyof typeof envelope]: _, ...rest } = envelope;
      expect(
        problemCode(() => parseEnvelope(rest)),
        name,
      ).toBe("envelope-malformed");
    }
    expect(problemCode(() => parseEnvelope({ ...envelope, extra: "" }))).toBe("envelope-malformed");
  });

  it("is read or refused, never a failure, whatever stands in one of its fields", () => {
    const envelope = sealed();
    const field = fc.constantFrom(...Object.keys(envelope));
    fc.assert(
      fc.property(field, fc.anything(), (name, value) => {
        const input = { ...envelope, [name]: value };
        try {
          expect(Object.keys(parseEnvelope(input))).toEqual(Object.keys(envelope));
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          expect(error.code).toBe("envelope-malformed");
        }
      }),
    );
  });

  it("is refused with a context the canonical form cannot hold exactly", () => {
    const refused = (context: string): string => {
      const text = JSON.stringify(sealed()).replace('{"order":"17"}', context);
      return problemCode(() => parseEnvelope(JSON.parse(text)));
    };
    expect(refused('{"order":"17"}')).toBe("none");
    expect(refused('{"__proto__":"17"}')).toBe("envelope-malformed");
    expect(refused('{"order":17}')).toBe("envelope-malformed");
    expect(refused('{"order":"\\ud800"}')).toBe("envelope-malformed");
    expect(refused('{"\\udc00":"17"}')).toBe("envelope-malformed");
    expect(refused(`{"order":"${"x".repeat(1025)}"}`)).toBe("envelope-malformed");
    const seventeen = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [index, ""]));
    expect(refused(JSON.stringify(seventeen))).toBe("envelope-malformed");
  });

  it("says where it is wrong, not what it holds", () => {
    const envelope = { ...sealed(), iv: "SECRET" };
    expect(() => parseEnvelope(envelope)).toThrow(
      expect.objectContaining({
        code: "envelope-malformed",
        message: expect.not.stringContaining("SECRET"),
        extra: { errors: [{ pointer: "/iv", code: "invalid_format" }] },
      }),
    );
  });
});

describe("bytes in an envelope", () => {
  it("are read from exactly the texts that they are written as, whatever character stands anywhere", () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0xff_ff; code += 1) {
      const character = String.fromCharCode(code);
      for (const text of [`A${character}`, `${character}AA`, `AAAA${character}A`]) {
        const isOwnSpelling = Buffer.from(text, "base64url").toString("base64url") === text;
        if ((decodeBytes(text) !== undefined) !== isOwnSpelling) wrong.push(text);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("have one spelling: what reads as them is what they are written as", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(decodeBytes(encodeBytes(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQgw_-+/= \n"), maxLength: 6 }), (text) => {
        const bytes = decodeBytes(text);
        if (bytes !== undefined) expect(encodeBytes(bytes)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ...["AB", "AAB", "AA==", "A", "AAAAA", "AAA+", "AAA/", "AA A", "AAAA\n"],
    // Their low bytes are those of letters.
    ...["AAA\u0141", "\u0141AA", "\u412d", `${"A".repeat(64)}\uff41`],
  ])("are not read from %j", (text) => {
    expect(decodeBytes(text)).toBeUndefined();
  });
});
