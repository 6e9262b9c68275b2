import { canonicalNumber, isRepeatedDigit } from "./canonical-number.ts";
import { hasGs1Digit, hasMod97Digits } from "./check-digit.ts";
import { countryCodes } from "./country-codes.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { ibanLengths } from "./iban-lengths.ts";

/** Shape and check digit of a number that is the same all over the world. */
const globalNumber =
  (pattern: RegExp, check?: (number: string) => boolean) =>
  (value: string): FieldVerdict => {
    const number = canonicalNumber(value);
    if (number === undefined) return refuse("invalid-characters");
    if (isRepeatedDigit(number)) return refuse("placeholder");
    if (!pattern.test(number)) return refuse("invalid-format");
    if (!check) return accept(number, "format");
    return check(number) ? accept(number, "check-digit") : refuse("invalid-check-digit");
  };

/** Legal entity identifier, ISO 17442-1: 18 letters and digits, two check digits by ISO/IEC 7064 MOD 97-10. */
export const validateLei = globalNumber(/^[A-Z0-9]{18}\d{2}$/, hasMod97Digits);

/** D-U-N-S number: nine digits. The last one has been no check digit since December 2006. */
export const validateDuns = globalNumber(/^\d{9}$/);

/** Global Trade Item Number of 8, 12, 13 or 14 digits (GS1 General Specifications section 3.3). */
export const validateGtin = globalNumber(/^(?:\d{8}|\d{12,14})$/, hasGs1Digit);

/** Global Location Number, 13 digits (GS1 General Specifications section 3.4.10). */
export const validateGln = globalNumber(/^\d{13}$/, hasGs1Digit);

/** GS1 Company Prefix: the first 4 to 12 digits of the company's keys; carries no check digit. */
export const validateGs1CompanyPrefix = globalNumber(/^\d{4,12}$/);

/**
 * Harmonised System code: chapter 01-97 without the reserved 77, heading and subheading (WCO), with two
 * to six digits more in national tariffs, which also use the chapters 98 and 99.
 */
export const validateHsCode = globalNumber(
  /^(?:(?!00|77|98|99)\d{2}(?!00)\d{4}(?:\d\d){0,3}|9[89]\d{6}(?:\d\d){0,2})$/,
);

/** Economic Operators Registration and Identification number (Regulation (EU) 952/2013, annex B codes). */
export function validateEori(value: string): FieldVerdict {
  const verdict = globalNumber(/^[A-Z]{2}[A-Z0-9]{5,15}$/)(value);
  const country = verdict.normalized?.slice(0, 2) ?? "";
  return !verdict.valid || countryCodes.has(country) || country === "XI"
    ? verdict
    : refuse("invalid-format");
}

/** Business identifier code, ISO 9362: prefix, ISO 3166-1 country, location, branch. */
export function validateBic(value: string): FieldVerdict {
  const verdict = globalNumber(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/)(value);
  if (!verdict.valid) return verdict;
  return countryCodes.has(verdict.normalized?.slice(4, 6) ?? "")
    ? verdict
    : refuse("invalid-format");
}

/** International bank account number, ISO 13616-1: length by country, check digits by ISO/IEC 7064 MOD 97-10. */
export function validateIban(value: string): FieldVerdict {
  const number = canonicalNumber(value);
  if (number === undefined) return refuse("invalid-characters");
  const length = ibanLengths.get(number.slice(0, 2));
  if (number.length !== length || !/^[A-Z]{2}(?!0[01]|99)\d{2}[A-Z0-9]+$/.test(number)) {
    return refuse("invalid-format");
  }
  return hasMod97Digits(number.slice(4) + number.slice(0, 4))
    ? accept(number, "check-digit")
    : refuse("invalid-check-digit");
}
