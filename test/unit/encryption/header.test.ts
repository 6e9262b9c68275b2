import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EnvelopeHeader } from "../../../lib/encryption/header.ts";
import { canonicalHeader } from "../../../lib/encryption/header.ts";

const text = fc.string({ unit: "binary", maxLength: 12 }).filter((value) => value.isWellFormed());

const headers: fc.Arbitrary<EnvelopeHeader> = fc.record({
  version: fc.constant("1" as const),
  algorithm: fc.constantFrom("AES-256-GCM" as const, "ChaCha20-Poly1305" as const),
  manufacturerId: text,
  keyId: text,
  region: text,
  timestamp: text,
  context: fc.dictionary(text, text, { maxKeys: 5 }),
  content: fc.constantFrom(undefined, "text" as const, "bytes" as const),
});

/** The rule of the canonical form written a second time, without any knowledge of the field names. */
function canonicalByTheRule({ context, content, ...fields }: EnvelopeHeader): Buffer {
  const pairs = [
    ...Object.entries(fields),
    ...(content === undefined ? [] : [["content", content] as const]),
    ...Object.entries(context).map(([name, value]) => [`context.${name}`, value] as const),
  ].map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const);
  pairs.sort(([left], [right]) => Buffer.compare(left, right));
  const length = (size: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(size);
    return bytes;
  };
  const parts = pairs.flat().flatMap((bytes) => [length(bytes.length), bytes]);
  return Buffer.concat([Buffer.from("manufacturer-envelope/1"), length(pairs.length), ...parts]);
}

describe("canonical header", () => {
  it("is the domain, the count and length-prefixed pairs in the order of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(headers, (header) => {
        expect(canonicalHeader(header)).toEqual(canonicalByTheRule(header));
      }),
      { numRuns: 500 },
    );
  });

  it("sorts by UTF-8, where it differs from the order of UTF-16 code units", () => {
    const fullwidth = "\uff21";
    const astral = "\u{1d49c}";
    const context = { [astral]: "second", [fullwidth]: "first" };
    const bytes = canonicalHeader({
      version: "1",
      algorithm: "AES-256-GCM",
      manufacturerId: "m",
      keyId: "k",
      region: "r",
      timestamp: "t",
      context,
    });
    expect(astral < fullwidth).toBe(true);
    expect(bytes.indexOf("first")).toBeLessThan(bytes.indexOf("second"));
  });

  it("does not depend on the order in which a reader lists the pairs", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const reversed = Object.fromEntries(Object.entries(header.context).reverse());
        expect(canonicalHeader({ ...header, context: reversed })).toEqual(canonicalHeader(header));
      }),
    );
  });

  it("is different for any two different headers", () => {
    fc.assert(
      fc.property(headers, headers, (one, other) => {
        const same = canonicalHeader(one).equals(canonicalHeader(other));
        const normal = (header: EnvelopeHeader): string =>
          JSON.stringify([
            ...Object.entries({ ...header, context: "" }).sort(),
            ...Object.entries(header.context).sort(),
          ]);
        expect(same).toBe(normal(one) === normal(other));
      }),
      { numRuns: 500 },
    );
  });
});
