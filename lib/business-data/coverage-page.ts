import { countryCodes } from "./country-codes.ts";
import { verdictCodes } from "./field-verdict.ts";
import { ibanCountryOf, ibanLengths } from "./iban-lengths.ts";
import { licenseFormats } from "./license-formats.ts";
import type { NumberField } from "./number-rule.ts";
import { rulesOf } from "./number-rules.ts";
import { postalCodeMasks } from "./postal-code-masks.ts";
import type { ProfileFieldName } from "./profile-fields.ts";
import { profileFields } from "./profile-fields.ts";
import { hasNumberingPlan } from "./validate-phone.ts";

/** What is known of a field in a country; `none` is what answers `format-unknown`. */
type Coverage = "check digit" | "format" | "not used" | "none";

/** Countries with much manufacturing, chosen for the table: a yardstick, not a statistic. */
export const manufacturingCountries =
  "AE AR AT AU BD BE BR CA CH CN CZ DE DK DZ EG ES FI FR GB ID IE IL IN IT JP KR MX MY NL PH PL RO RU SA SE SG TH TR TW US VN".split(
    " ",
  );

const numberCoverage =
  (field: NumberField) =>
  (country: string): Coverage => {
    const rules = rulesOf(country, field);
    if (rules.length === 0) return "none";
    return rules.some(({ check }) => check !== undefined) ? "check digit" : "format";
  };

/** Fields whose rule depends on the country; every other field has one rule for all countries. */
const nationalFields: Partial<Record<ProfileFieldName, (country: string) => Coverage>> = {
  taxId: numberCoverage("taxId"),
  vatId: numberCoverage("vatId"),
  registrationNumber: numberCoverage("registrationNumber"),
  licenseNumber: (country) => {
    const formats = licenseFormats.filter((format) => format.country === country);
    if (formats.length === 0) return "none";
    return formats.some(({ check }) => check !== undefined) ? "check digit" : "format";
  },
  postalCode: (country) => {
    const masks = postalCodeMasks.get(country);
    if (!masks) return "none";
    return masks.length === 0 ? "not used" : "format";
  },
  phone: (country) => (hasNumberingPlan(country) ? "format" : "none"),
  iban: (country) => (ibanLengths.has(ibanCountryOf(country)) ? "check digit" : "not used"),
};

const fieldNames = Object.keys(profileFields) as ProfileFieldName[];
const nationalNames = fieldNames.filter((name) => nationalFields[name] !== undefined);

/** How many of the countries a field has a rule for. */
export const countCovered = (name: ProfileFieldName, countries: Iterable<string>): number =>
  [...countries].filter((country) => (nationalFields[name]?.(country) ?? "format") !== "none")
    .length;

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

function cellsLine(title: string, countries: readonly string[]): string {
  const covered = fieldNames.reduce((sum, name) => sum + countCovered(name, countries), 0);
  const cells = fieldNames.length * countries.length;
  return `| ${title} | ${covered} of ${cells} | ${percent(covered, cells)} |`;
}

const fieldLine = (name: ProfileFieldName, countries: readonly string[]): string =>
  `| \`${name}\` | ${profileFields[name].description} | ${countCovered(name, countries)} |`;

const countryLine = (country: string): string =>
  `| ${country} | ${nationalNames.map((name) => nationalFields[name]?.(country)).join(" | ")} | ${schemesOf(country)} |`;

const schemesOf = (country: string): string =>
  [
    ...new Set(
      (["taxId", "vatId", "registrationNumber"] as const).flatMap((field) =>
        rulesOf(country, field).map(({ scheme }) => scheme),
      ),
    ),
    ...licenseFormats.filter((format) => format.country === country).map(({ scheme }) => scheme),
  ].join(", ");

/** The page on what business-data validation covers, in Markdown, derived from its rules alone. */
export function toCoveragePage(): string {
  const countries = [...countryCodes].toSorted();
  const withRule = fieldNames.filter((name) => countCovered(name, countries) > 0);
  return [
    "# Business-data validation: what is covered",
    "",
    'Printed from the rules by `npm run openapi`; do not edit. No rule looks anything up: a value that passes is well made, not proven to be registered. Where no public rule exists the answer is `valid: true` with `evidence: "none"` and the code `format-unknown`: nothing speaks against the value, and nothing for it. Whoever needs proof asks for `evidence` other than `none`. A number or a postal code that fits nothing its country has comes with `expected`: the names of the schemes, or the shapes of the codes (`#` a digit, `@` a letter, `*` either).',
    "",
    "| measure | covered | share |",
    "|---|---|---|",
    `| profile fields with a rule | ${withRule.length} of ${fieldNames.length} | ${percent(withRule.length, fieldNames.length)} |`,
    cellsLine(
      `field x country, ${manufacturingCountries.length} countries with much manufacturing`,
      manufacturingCountries,
    ),
    cellsLine(`field x country, all ${countries.length} countries`, countries),
    "",
    "## Fields",
    "",
    `| field | what it is | countries with a rule, of ${countries.length} |`,
    "|---|---|---|",
    ...fieldNames.map((name) => fieldLine(name, countries)),
    "",
    "Licence numbers: thousands of offices issue them and few publish a pattern. Besides the kinds in the table below, `EUDAMED SRN` is recognised for every country. A number is refused only when it claims to be of a known kind and is not, or cannot be a number at all.",
    "",
    "## Codes",
    "",
    "| code | field | meaning |",
    "|---|---|---|",
    ...Object.entries(verdictCodes).map(
      ([code, { refused, meaning }]) =>
        `| \`${code}\` | ${refused ? "invalid" : "valid"} | ${meaning} |`,
    ),
    "",
    "## Countries",
    "",
    "`check digit`: the number proves itself; `format`: its shape alone; `not used`: the country has none; `none`: no rule, `format-unknown`. All other fields have one rule for every country.",
    "",
    `| country | ${nationalNames.join(" | ")} | schemes |`,
    `|${"---|".repeat(nationalNames.length + 2)}`,
    ...countries.map(countryLine),
    "",
  ].join("\n");
}
