import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NumberRule } from "../../../lib/business-data/number-rule.ts";
import { validateNumber } from "../../../lib/business-data/number-rule.ts";
import { numberRules, rulesOf } from "../../../lib/business-data/number-rules.ts";
import { unionVatNumbers } from "../../../lib/business-data/union-vat-numbers.ts";
import { validateNationalNumber } from "../../../lib/business-data/validate-national-number.ts";
import { publishedAsWrong, publishedNumbers } from "./published-numbers.ts";

const unionMembers =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

function ruleOf(country: string, scheme: string): NumberRule {
  const rule = numberRules.get(country)?.find((candidate) => candidate.scheme === scheme);
  if (!rule) throw new Error(`no rule ${scheme} for ${country}`);
  return rule;
}

const checked = publishedNumbers.filter(
  ([country, scheme]) => ruleOf(country, scheme).check !== undefined,
);

describe("the schemes", () => {
  it("hold a VAT rule with a check digit for all 27 member states of the European Union", () => {
    expect(Object.keys(unionVatNumbers).toSorted()).toEqual(unionMembers);
    for (const country of unionMembers) {
      expect(rulesOf(country, "vatId").some(({ check }) => check !== undefined)).toBe(true);
    }
  });

  it("each have an example to be tested with", () => {
    const schemes = [...numberRules].flatMap(([country, rules]) =>
      rules.map(({ scheme }) => `${country} ${scheme}`),
    );
    const tested = publishedNumbers.map(([country, scheme]) => `${country} ${scheme}`);
    expect(tested.toSorted()).toEqual(schemes.toSorted());
  });

  it("with check digits are all tested with an example that somebody else published", () => {
    const made = checked.filter(([, , , source]) => source === "made to the shape");
    expect(made.map(([, scheme]) => scheme)).toEqual(["DE W-IdNr.", "XI VAT", "NZ NZBN"]);
  });
});

describe("a published number", () => {
  it.each(publishedNumbers)("of %s, %s, %s (%s), is accepted", (country, scheme, value) => {
    const rule = ruleOf(country, scheme);
    expect(validateNumber(value, [rule])).toMatchObject({
      valid: true,
      scheme,
      evidence: rule.check ? "check-digit" : "format",
    });
  });

  it.each(publishedNumbers)("of %s, %s, %s is accepted in the field it belongs to", (...row) => {
    const [country, scheme, value] = row;
    for (const field of ruleOf(country, scheme).fields) {
      const verdict = validateNationalNumber(field, value, country);
      expect([field, verdict.valid, verdict.evidence === "none"]).toEqual([field, true, false]);
    }
  });

  it.each(publishedNumbers)("of %s, %s, %s is normalised to a fixed point", (...row) => {
    const [country, scheme, value] = row;
    const rule = ruleOf(country, scheme);
    const once = validateNumber(value, [rule]).normalized ?? "";
    expect(validateNumber(once, [rule]).normalized).toBe(once);
  });

  it.each(publishedAsWrong)("of %s as %s with a wrong check digit, %s, is refused", (...row) => {
    const [country, field, value] = row;
    expect(validateNationalNumber(field, value, country)).toMatchObject({
      valid: false,
      code: "invalid-check-digit",
    });
  });
});

/** How many characters of the normalised number the check digits guard, where a branch code follows. */
const guardedLength: Record<string, number> = {
  "DE W-IdNr.": 11,
  "EC RUC": 10,
  "EC RUC (person or public body)": 10,
  "HU adószám": 8,
  "ID NPWP": 9,
  "IS kennitala": 9,
  "NL btw": 11,
  "SI matična številka": 7,
  "VN MST": 10,
};

/** Where the check digit stands, when it is not the last guarded digit. */
const checkDigitAt: Record<string, number> = {
  "AU ABN": 0,
  "FR TVA": 3,
  "GB UTR": 0,
  "JP corporate number": 0,
  "MC TVA": 3,
  "MA ICE": 14,
  "NL btw": 10,
  "SE moms": 11,
  "UY RUT": 11,
  "AZ VÖEN": 8,
  "CH UID": 11,
};

/** The number with the digit at that place moved on. */
function withWrongDigit(number: string, at: number, shift: number): string {
  const digit = (Number(number[at]) + shift) % 10;
  return `${number.slice(0, at)}${digit}${number.slice(at + 1)}`;
}

const isNoticed = (number: string, rule: NumberRule): boolean => {
  const { valid, code } = validateNumber(number, [rule]);
  return !valid || code === "check-digit-differs";
};

describe("a changed check digit", () => {
  // A Bulgarian number of ten digits may end in any of three digits, one for each rule.
  const withOneCheckDigit = checked.filter(([, scheme]) => scheme !== "BG DDS");

  it("is refused for every scheme that has one, or hinted at where it is only advice", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...withOneCheckDigit),
        fc.integer({ min: 1, max: 9 }),
        ([country, scheme, value], shift) => {
          const rule = ruleOf(country, scheme);
          const number = validateNumber(value, [rule]).normalized ?? "";
          const guarded = number.slice(0, guardedLength[scheme]);
          const at = checkDigitAt[scheme] ?? guarded.search(/\d(?=\D*$)/);
          return isNoticed(withWrongDigit(number, at, shift), rule);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("a single wrong digit anywhere", () => {
  // A Bulgarian number of ten digits may follow any of three rules, so more wrong ones pass.
  const leastNoticed: Record<string, number> = { "BG DDS": 0.8 };

  it.each(checked)("in a number of %s, %s, %s is noticed nine times in ten or more", (...row) => {
    const [country, scheme, value] = row;
    const rule = ruleOf(country, scheme);
    const number = validateNumber(value, [rule]).normalized ?? "";
    let changes = 0;
    let noticed = 0;
    for (const [at, character] of [...number.slice(0, guardedLength[scheme])].entries()) {
      if (!/\d/.test(character)) continue;
      for (let shift = 1; shift < 10; shift++) {
        changes += 1;
        if (isNoticed(withWrongDigit(number, at, shift), rule)) noticed += 1;
      }
    }
    expect(noticed / changes).toBeGreaterThanOrEqual(leastNoticed[scheme] ?? 0.9);
  });
});
