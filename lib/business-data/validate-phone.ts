import type { CountryCode } from "libphonenumber-js/min";
import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";

const asDiallingCountry = (country: string | undefined): CountryCode | undefined =>
  country !== undefined && isSupportedCountry(country) ? country : undefined;

/**
 * A telephone number in any usual spelling, normalised to E.164; a number without `+` is read as one
 * of the country. Held against the numbering plan (ITU-T E.164 and national plans): it says that such
 * a number can be issued, not that it is in service. An extension is dropped.
 */
export function validatePhone(value: string, country: string | undefined): FieldVerdict {
  const text = value.normalize("NFKC").trim();
  const parsed = parsePhoneNumberFromString(text, {
    ...defaultCountry(asDiallingCountry(country)),
    extract: false,
  });
  if (!parsed?.isValid()) return refuse("invalid-format");
  // Countries that share a calling code: the number as stored must hold without the country, too.
  if (!parsePhoneNumberFromString(parsed.number)?.isValid()) return refuse("invalid-format");
  return accept(parsed.number, "format");
}

const defaultCountry = (country: CountryCode | undefined) =>
  country === undefined ? {} : { defaultCountry: country };

/** Whether an E.164 number starts with the calling code of the country; true where that is not known. */
export function isCalledThrough(number: string, country: string): boolean {
  const known = asDiallingCountry(country);
  return known === undefined || number.startsWith(`+${getCountryCallingCode(known)}`);
}

/** Whether the numbering plan of the country is known. */
export const hasNumberingPlan = (country: string): boolean => isSupportedCountry(country);
