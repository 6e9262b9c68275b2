import { describe, expect, it } from "vitest";
import type { NumberField } from "../../../lib/business-data/number-rule.ts";
import { validateBusinessData } from "../../../lib/business-data/validate-business-data.ts";
import { validateNationalNumber } from "../../../lib/business-data/validate-national-number.ts";

type Spelling = readonly [
  country: string,
  field: NumberField,
  value: string,
  normalized: string,
  why: string,
];

/** What people write for a number that is sound, where a reader of digits alone stumbles. */
const spellings: readonly Spelling[] = [
  ["CN", "taxId", "91620105L015101280", "91620105L015101280", "the check character is 0"],
  ["CN", "registrationNumber", "N2510112MF1234567F", "N2510112MF1234567F", "of agriculture"],
  ["UY", "taxId", "UY 22 001880 001 4", "220018800014", "a series that began lately"],
  ["EC", "taxId", "1793221293001", "1793221293001", "a company by the rule of public bodies"],
  ["CO", "taxId", "1118534248-0", "11185342480", "a person's number of ten digits"],
  ["BE", "vatId", "BE 428759497", "BE0428759497", "nine digits, as until 2005"],
  ["GB", "registrationNumber", "445790", "00445790", "zeros left out"],
  ["IL", "taxId", "3933742-3", "039337423", "a zero left out"],
  ["AZ", "taxId", "600495162", "0600495162", "a zero left out"],
  ["GR", "vatId", "EL 94259216", "EL094259216", "a zero left out"],
  ["TN", "taxId", "979446PAM000", "0979446PAM000", "a zero left out"],
  ["NL", "vatId", "NL 4495445B01", "NL004495445B01", "zeros left out"],
  ["SM", "taxId", "024165", "SM24165", "a zero too many"],
  ["CL", "taxId", "CL 12531909-2", "125319092", "the country in front"],
  ["NZ", "taxId", "NZ 49-098-576", "49098576", "the country in front"],
  ["AU", "registrationNumber", "ACN 004 028 077", "004028077", "the name of the number in front"],
  ["BR", "taxId", "CNPJ: 33.592.510/0001-54", "33592510000154", "the name of the number in front"],
  ["US", "taxId", "EIN 04-2103594", "042103594", "the name of the number in front"],
  ["PL", "taxId", "PL NIP 692-000-00-13", "PL6920000013", "country and name in front"],
  ["CH", "vatId", "100.155.212 MWST", "CHE100155212", "without its CHE"],
  ["SE", "registrationNumber", "16556036-0793", "5560360793", "with a century"],
  ["IS", "taxId", "120174-3399", "1201743399", "of a person"],
  ["SI", "registrationNumber", "8982279A00", "8982279A00", "a letter in the unit"],
  ["EG", "taxId", "٣٣١-١٠٥-٢٦٨", "331105268", "Arabic digits"],
  ["MK", "vatId", "МК 4020990116747", "MK4020990116747", "a Cyrillic keyboard"],
  ["BY", "taxId", "UNP 591705582", "591705582", "the name of the number in front"],
  ["IT", "registrationNumber", "REA MI-1234567", "MI1234567", "the name of the register in front"],
  [
    "DE",
    "registrationNumber",
    "Amtsgericht München, HRB 6684",
    "München HRB 6684",
    "with its court",
  ],
  [
    "DE",
    "registrationNumber",
    "Frankfurt/Oder GnR 11223",
    "Frankfurt/Oder GnR 11223",
    "a cooperative",
  ],
  ["DE", "registrationNumber", "hrb-nr. 12345 b", "HRB 12345 B", "with a suffix"],
  ["FR", "registrationNumber", "552 081 317 R.C.S. Paris", "552081317", "as on letters"],
  ["FR", "registrationNumber", "RCS Besançon B 552081317", "552081317", "as on letters"],
  ["RO", "registrationNumber", "J23/1657/14.06.2012", "J23/1657/2012", "with a whole date"],
  ["RO", "registrationNumber", "J 07 / 4 / 2024", "J7/4/2024", "with spaces"],
  ["RO", "registrationNumber", "C22/4/2018", "C22/4/2018", "a short number"],
  ["GP", "taxId", "FR 40 303 265 045", "FR40303265045", "of France, in Guadeloupe"],
  ["IM", "vatId", "GB 980 7806 84", "GB980780684", "of Britain, on the Isle of Man"],
  ["AX", "taxId", "FI 20774740", "FI20774740", "of Finland, in Åland"],
];

describe("a sound number", () => {
  it.each(spellings)(
    "of %s as %s, %s, is stored as %s: %s",
    (country, field, value, normalized) => {
      const verdict = validateNationalNumber(field, value, country);
      expect(verdict).toMatchObject({ valid: true, normalized });
      expect(verdict.evidence).not.toBe("none");
      expect(validateNationalNumber(field, normalized, country)).toEqual(verdict);
    },
  );

  it("of a company in Ecuador stands with a hint where the old rule does not give it", () => {
    expect(validateNationalNumber("taxId", "0993370026001", "EC")).toMatchObject({
      valid: true,
      evidence: "format",
      code: "check-digit-differs",
    });
  });

  it("of two companies is never stored as one", () => {
    const [first, second] = ["J1/2345/2005", "J12/345/2005"].map(
      (value) => validateNationalNumber("registrationNumber", value, "RO").normalized,
    );
    expect(first).not.toBe(second);
  });

  it("of a territory contradicts nothing", () => {
    const data = {
      country: "RE",
      vatId: "FR40303265045",
      iban: "FR1420041010050500013M02606",
      bic: "AGRIFRPP882",
    };
    const { valid, inconsistencies } = validateBusinessData(data, {
      screen: () => ({ threats: [], riskScore: 0 }),
    });
    expect([valid, inconsistencies]).toEqual([true, []]);
  });
});

/** Shapes that hold a date, a class or an office that cannot be. */
const impossible: readonly (readonly [string, NumberField, string, string])[] = [
  ["US", "taxId", "US 123-45-6789", "a social security number"],
  ["AD", "taxId", "F700000A", "a resident with a company's number"],
  ["AD", "taxId", "A800000X", "a company beyond the companies' range"],
  ["BG", "taxId", "8980494233", "a person born in the 98th month"],
  ["BY", "taxId", "991705588", "a region that is none"],
  ["CR", "taxId", "2-511-079297", "a class that is none"],
  ["CY", "vatId", "CY12144068M", "12 in front is not issued"],
  ["CZ", "taxId", "9028322020", "a person born on a 32nd of August"],
  ["DE", "taxId", "4151181508156", "a state that is none"],
  ["DE", "registrationNumber", "DXSGPPH2HRA23975", "a court with digits"],
  ["GH", "taxId", "Q00VGT3KKS3", "letters among the digits"],
  ["IN", "taxId", "ACUPA0000R", "no sequence number"],
  ["ID", "taxId", "2098209907745590", "born on a 99th"],
  ["IS", "taxId", "4810684281", "a century that is none"],
  ["LV", "taxId", "161375-19997", "born in a 13th month"],
  ["MX", "taxId", "YLD7409315T2", "founded on a 31st of September"],
  ["RO", "registrationNumber", "J49/750/2012", "a county that is none"],
  ["SI", "registrationNumber", "5491710", "no such check digit"],
  ["TN", "taxId", "1234567/M/A/M/001", "a branch number without a branch"],
];

describe("a number that cannot be", () => {
  it.each(impossible)("of %s as %s, %s, is refused: %s", (country, field, value) => {
    expect(validateNationalNumber(field, value, country).valid).toBe(false);
  });
});
