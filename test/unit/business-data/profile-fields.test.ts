import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countryCodes } from "../../../lib/business-data/country-codes.ts";
import { verdictCodes } from "../../../lib/business-data/field-verdict.ts";
import { ibanLengths } from "../../../lib/business-data/iban-lengths.ts";
import { licenseFormats } from "../../../lib/business-data/license-formats.ts";
import { postalCodeMasks } from "../../../lib/business-data/postal-code-masks.ts";
import type { ProfileFieldName } from "../../../lib/business-data/profile-fields.ts";
import { fieldOf, profileFields } from "../../../lib/business-data/profile-fields.ts";
import type { ProfileValue } from "./profile-values.ts";
import { hintedValues, refusedValues, soundValues } from "./profile-values.ts";
import { publishedNumbers } from "./published-numbers.ts";

const validate = ({ field, value, country }: ProfileValue) =>
  profileFields[field].validate(value, country);

describe("a field of the profile", () => {
  it.each(soundValues)("$field $value ($source) is accepted without a hint", (sound) => {
    const verdict = validate(sound);
    expect(verdict).toMatchObject({ valid: true, normalized: sound.normalized ?? sound.value });
    expect(verdict.code).toBeUndefined();
    expect(verdict.evidence).not.toBe("none");
  });

  it.each(refusedValues)("$field $value ($source) is refused as $code", (refused) => {
    const verdict = validate(refused);
    expect(verdict).toMatchObject({ valid: false, evidence: "none", code: refused.code });
    expect(verdict.normalized).toBeUndefined();
  });

  it.each(hintedValues)("$field $value ($source) is valid with the hint $code", (hinted) => {
    expect(validate(hinted)).toMatchObject({ valid: true, code: hinted.code });
  });

  it("is tested with a sound value and, where any text can be wrong, a refused one", () => {
    const names = Object.keys(profileFields).toSorted();
    const sound = new Set<string>([
      ...soundValues.map(({ field }) => field),
      ...(publishedNumbers.length ? ["taxId", "vatId", "registrationNumber"] : []),
    ]);
    expect([...sound].toSorted()).toEqual(names);
  });

  it("accepts the example of its own documentation", () => {
    for (const [name, { validate: check, example }] of Object.entries(profileFields)) {
      expect([name, check(example, "DE").valid]).toEqual([name, true]);
    }
  });

  it("is found by its own name only, never by what objects inherit", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(fieldOf(name)).toBeUndefined();
    }
  });
});

describe("any text in any field", () => {
  const anyField = fc.constantFrom(...(Object.keys(profileFields) as ProfileFieldName[]));
  const anyCountry = fc.option(fc.constantFrom(...countryCodes), { nil: undefined });
  const sample = [...soundValues, ...refusedValues, ...hintedValues].map(({ value }) => value);
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.constantFrom(...sample),
    fc
      .tuple(fc.constantFrom(...sample), fc.string({ maxLength: 3 }))
      .map((parts) => parts.join("")),
  );

  it("gets a verdict whose code says the same as its validity, and throws nothing", () => {
    fc.assert(
      fc.property(anyField, anyText, anyCountry, (field, value, country) => {
        const { valid, code, normalized } = profileFields[field].validate(value, country);
        expect(code === undefined || verdictCodes[code].refused === !valid).toBe(true);
        expect(normalized === undefined).toBe(!valid);
      }),
      { numRuns: 3000 },
    );
  });

  it("that is accepted has a normalised spelling which stays as it is", () => {
    fc.assert(
      fc.property(anyField, anyText, anyCountry, (field, value, country) => {
        const once = profileFields[field].validate(value, country).normalized;
        fc.pre(once !== undefined);
        expect(profileFields[field].validate(once, country).normalized).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("a changed digit in a number that is the same all over the world", () => {
  const guarded = soundValues.filter(({ field }) => ["lei", "iban", "gtin", "gln"].includes(field));

  it("is refused wherever it stands", () => {
    for (const { field, value } of guarded) {
      const number = profileFields[field].validate(value, undefined).normalized ?? "";
      for (const [at, character] of [...number].entries()) {
        if (!/\d/.test(character)) continue;
        for (let shift = 1; shift < 10; shift++) {
          const digit = (Number(character) + shift) % 10;
          const changed = `${number.slice(0, at)}${digit}${number.slice(at + 1)}`;
          expect([changed, profileFields[field].validate(changed, undefined).valid]).toEqual([
            changed,
            false,
          ]);
        }
      }
    }
  });
});

describe("the data", () => {
  it("names only countries of ISO 3166-1", () => {
    expect(countryCodes.size).toBe(250);
    for (const source of [ibanLengths, postalCodeMasks]) {
      for (const country of source.keys()) expect(countryCodes).toContain(country);
    }
  });

  it("has an example for every kind of licence", () => {
    const tested = soundValues
      .filter(({ field }) => field === "licenseNumber")
      .map((sound) => validate(sound).scheme);
    expect(tested.toSorted()).toEqual(licenseFormats.map(({ scheme }) => scheme).toSorted());
  });

  it("fills every postal mask with a code that its own country accepts", () => {
    for (const [country, masks] of postalCodeMasks) {
      for (const mask of masks) {
        const code = mask.replaceAll("#", "1").replaceAll("@", "A").replaceAll("*", "1");
        if (["CA", "CN"].includes(country)) continue;
        expect([code, profileFields.postalCode.validate(code, country).valid]).toEqual([
          code,
          true,
        ]);
      }
    }
  });
});
