import { canonicalNumber } from "./canonical-number.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { refuse } from "./field-verdict.ts";
import type { NumberField } from "./number-rule.ts";
import { validateNumber } from "./number-rule.ts";
import { countryOfVatPrefix, numberCountryOf, rulesOf } from "./number-rules.ts";

/**
 * A tax, VAT or register number against the schemes of the country. A VAT number that names another
 * country by its prefix and is sound there is `country-mismatch` as a tax id; as a VAT id it stands,
 * because a company may be registered for VAT abroad.
 *
 * @param country ISO 3166-1 alpha-2; without it only numbers with a VAT prefix can be checked
 */
export function validateNationalNumber(
  field: NumberField,
  value: string,
  country: string | undefined,
): FieldVerdict {
  const here = validateNumber(value, country === undefined ? [] : rulesOf(country, field));
  if (here.valid && here.evidence !== "none") return here;
  if (field === "registrationNumber") return here;
  const named = countryOfVatPrefix(canonicalNumber(value) ?? "");
  if (named === undefined || (country !== undefined && named === numberCountryOf(country))) {
    return here;
  }
  const there = validateNumber(value, rulesOf(named, "vatId"));
  if (!there.valid) return here;
  if (country === undefined || field === "vatId") return there;
  return refuse("country-mismatch", there.scheme);
}
