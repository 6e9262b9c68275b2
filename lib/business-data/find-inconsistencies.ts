import type { FieldVerdict } from "./field-verdict.ts";
import { ibanCountryOf } from "./iban-lengths.ts";
import { countryOfVatPrefix, numberCountryOf } from "./number-rules.ts";
import { isCalledThrough } from "./validate-phone.ts";

/** Two sound fields that do not go together: a reason to look, not an error. */
export interface Inconsistency {
  code:
    | "phone-country-differs"
    | "vat-country-differs"
    | "license-country-differs"
    | "address-country-differs"
    | "iban-country-differs"
    | "bic-country-differs";
  fields: string[];
}

const licenseCountry = (verdict: FieldVerdict | undefined): string | undefined =>
  verdict?.scheme === "EUDAMED SRN" ? verdict.normalized?.slice(0, 2) : undefined;

/**
 * Compares the country of the submission with the countries that its other fields name.
 *
 * @param fields verdicts by field path, such as `contact/phone`
 */
export function findInconsistencies(fields: ReadonlyMap<string, FieldVerdict>): Inconsistency[] {
  const country = fields.get("country")?.normalized;
  if (country === undefined) return [];
  const found: Inconsistency[] = [];
  const compare = (code: Inconsistency["code"], path: string, isSame: boolean): void => {
    if (!isSame) found.push({ code, fields: ["country", path] });
  };
  for (const [path, verdict] of fields) {
    const { normalized } = verdict;
    if (normalized === undefined) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === "phone") {
      compare("phone-country-differs", path, isCalledThrough(normalized, country));
    } else if (name === "vatId") {
      const named = countryOfVatPrefix(normalized) ?? country;
      compare("vat-country-differs", path, shareVat(named, country));
    } else if (name === "licenseNumber") {
      const named = licenseCountry(verdict) ?? country;
      compare("license-country-differs", path, named === country);
    } else if (name === "iban") {
      compare("iban-country-differs", path, normalized.startsWith(ibanCountryOf(country)));
    } else if (name === "bic") {
      const named = normalized.slice(4, 6);
      compare("bic-country-differs", path, [country, ibanCountryOf(country)].includes(named));
    } else if (path === "address/country") {
      compare("address-country-differs", path, normalized === country);
    }
  }
  return found;
}

/** Territories, Monaco with French VAT numbers, Liechtenstein with the Swiss register. */
const shareVat = (named: string, country: string): boolean =>
  named === numberCountryOf(country) ||
  (named === "FR" && country === "MC") ||
  (named === "CH" && country === "LI");
