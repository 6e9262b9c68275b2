import { africanNumbers } from "./african-numbers.ts";
import { americanNumbers } from "./american-numbers.ts";
import { asianNumbers } from "./asian-numbers.ts";
import { europeanNumbers } from "./european-numbers.ts";
import type { NumberField, NumberRule } from "./number-rule.ts";
import { unionNationalNumbers } from "./union-national-numbers.ts";
import { unionVatNumbers } from "./union-vat-numbers.ts";

const sources = [
  unionVatNumbers,
  unionNationalNumbers,
  europeanNumbers,
  americanNumbers,
  asianNumbers,
  africanNumbers,
];

/** Every numbering scheme by ISO 3166-1 country code. */
export const numberRules: ReadonlyMap<string, readonly NumberRule[]> = new Map(
  sources
    .flatMap((source) => Object.keys(source))
    .map((country) => [country, sources.flatMap((source) => source[country] ?? [])]),
);

/** Territories with a country code of their own and the tax and company numbers of another country. */
const numbersOfAnother: Readonly<Record<string, string>> = {
  ...{ AX: "FI", IM: "GB", SJ: "NO", AS: "US", GU: "US", MP: "US", VI: "US" },
  ...{ BL: "FR", GF: "FR", GP: "FR", MF: "FR", MQ: "FR", RE: "FR", YT: "FR" },
};

/** The country whose numbers a country uses: its own, but for some territories. */
export const numberCountryOf = (country: string): string => numbersOfAnother[country] ?? country;

/** The schemes of one country that fit one field. */
export const rulesOf = (country: string, field: NumberField): readonly NumberRule[] =>
  (numberRules.get(numberCountryOf(country)) ?? []).filter(({ fields }) => fields.includes(field));

const countryByPrefix = new Map([
  ...Object.keys(unionVatNumbers).map((country) => [country, country] as const),
  ["EL", "GR"] as const,
  ["GB", "GB"] as const,
  ["XI", "GB"] as const,
  ["CHE", "CH"] as const,
]);

/** The country that a VAT number itself names, where it does. */
export const countryOfVatPrefix = (number: string): string | undefined =>
  countryByPrefix.get(/^CHE(?=\d)/.exec(number)?.[0] ?? number.slice(0, 2));
