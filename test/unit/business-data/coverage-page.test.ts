import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { countryCodes } from "../../../lib/business-data/country-codes.ts";
import {
  countCovered,
  manufacturingCountries,
  toCoveragePage,
} from "../../../lib/business-data/coverage-page.ts";
import type { ProfileFieldName } from "../../../lib/business-data/profile-fields.ts";
import { profileFields } from "../../../lib/business-data/profile-fields.ts";
import { refusedValues, soundValues } from "./profile-values.ts";
import { publishedNumbers } from "./published-numbers.ts";

const names = Object.keys(profileFields) as ProfileFieldName[];

/** Any text can be one of these, so what is refused in them is refused in every name alike. */
const freeTexts = ["tradeName", "contactName", "address", "street", "city", "region"];

describe("the coverage page", () => {
  it("as committed is what the rules print today", () => {
    const committed = new URL("../../../docs/business-data-coverage.md", import.meta.url);
    expect(readFileSync(committed, "utf8")).toBe(toCoveragePage());
  });

  it("shows a rule for at least 95 % of the fields of a profile", () => {
    const covered = names.filter((name) => countCovered(name, countryCodes) > 0);
    expect(covered.length / names.length).toBeGreaterThanOrEqual(0.95);
  });

  it("shows tax numbers for every one of the countries with much manufacturing", () => {
    expect(countCovered("taxId", manufacturingCountries)).toBe(manufacturingCountries.length);
  });

  it("counts no field that the tests do not both accept and refuse a value of", () => {
    const numbers = ["taxId", "vatId", "registrationNumber"];
    const accepted = new Set<string>([...soundValues.map(({ field }) => field), ...numbers]);
    const refused = new Set<string>([
      ...refusedValues.map(({ field }) => field),
      ...freeTexts,
      "registrationNumber",
    ]);
    expect(publishedNumbers.length).toBeGreaterThan(numbers.length);
    for (const name of names) {
      expect([name, accepted.has(name), refused.has(name)]).toEqual([name, true, true]);
    }
  });
});
