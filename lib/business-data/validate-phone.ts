import type { CountryCode } from "libphonenumber-js/max";
import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";

const asDiallingCountry = (country: string | undefined): CountryCode | undefined =>
  country !== undefined && isSupportedCountry(country) ? country : undefined;

/** The keys that letters share with digits, from 2 on (ITU-T E.161). */
const keys = ["ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"];

/** A word in place of the last digits, as in `1-800-FLOWERS`. */
const vanity = /^([+(]?\d[\d ().-]*)([A-Z][A-Z-]{2,}[A-Z\d-]*)$/;

/** A word of a vanity number as the digits that are dialled for it. */
function withDialledDigits(text: string): string {
  const [, digits, word] = vanity.exec(text.toUpperCase()) ?? [];
  if (digits === undefined || word === undefined || /EXT/.test(word)) return text;
  return (
    digits +
    word.replace(/[A-Z]/g, (letter) => String(2 + keys.findIndex((key) => key.includes(letter))))
  );
}

/**
 * A telephone number in any usual spelling, normalised to E.164; a number without `+` is read as one
 * of the country. Held against the numbering plan (ITU-T E.164 and national plans, whole metadata: the
 * small set takes a tenth of all mistyped numbers for sound): it says that such a number can be
 * issued, not that it is in service. An extension is dropped, a vanity word is dialled.
 */
export function validatePhone(value: string, country: string | undefined): FieldVerdict {
  const text = value.normalize("NFKC").trim().replace(/^tel:/i, "");
  const parsed = parsePhoneNumberFromString(withDialledDigits(text), {
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
