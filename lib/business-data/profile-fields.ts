import type { FieldVerdict } from "./field-verdict.ts";
import { validateCountry } from "./validate-country.ts";
import { validateEmail } from "./validate-email.ts";
import {
  validateBic,
  validateDuns,
  validateEori,
  validateGln,
  validateGs1CompanyPrefix,
  validateGtin,
  validateHsCode,
  validateIban,
  validateLei,
} from "./validate-global-number.ts";
import { validateLicenseNumber } from "./validate-license-number.ts";
import { validateNationalNumber } from "./validate-national-number.ts";
import { validatePhone } from "./validate-phone.ts";
import { validatePostalCode } from "./validate-postal-code.ts";
import { validateAddressText, validateName, validatePlace } from "./validate-text.ts";
import { validateWebsite } from "./validate-website.ts";

/** One field of a manufacturer's profile. */
export interface ProfileField {
  description: string;
  example: string;
  /** Longest value that is looked at, in UTF-16 units. */
  lengthMax: number;
  /** @param country of the submission, normalised; `undefined` where it is absent or unknown */
  validate: (value: string, country: string | undefined) => FieldVerdict;
}

/** Every field of a manufacturer's profile that is checked; all others are screened alone. */
export const profileFields = {
  country: {
    description: "Country of the company, ISO 3166-1 alpha-2",
    example: "DE",
    lengthMax: 8,
    validate: validateCountry,
  },
  legalName: {
    description: "Registered name of the company",
    example: "Rohrwerk Heidelberg GmbH",
    lengthMax: 200,
    validate: validateName,
  },
  tradeName: {
    description: "Name the company trades under",
    example: "Rohrwerk",
    lengthMax: 200,
    validate: validateName,
  },
  contactName: {
    description: "Person to ask for",
    example: "Anna Becker",
    lengthMax: 200,
    validate: validateName,
  },
  licenseNumber: {
    description: "Number of the manufacturing or business licence",
    example: "DE-MF-000012345",
    lengthMax: 64,
    validate: validateLicenseNumber,
  },
  registrationNumber: {
    description: "Number in the company register",
    example: "HRB 12345",
    lengthMax: 64,
    validate: (value, country) => validateNationalNumber("registrationNumber", value, country),
  },
  taxId: {
    description: "Tax number; also accepts the country's VAT number",
    example: "DE136695976",
    lengthMax: 64,
    validate: (value, country) => validateNationalNumber("taxId", value, country),
  },
  vatId: {
    description: "VAT or GST number, of this or another country",
    example: "FR40303265045",
    lengthMax: 64,
    validate: (value, country) => validateNationalNumber("vatId", value, country),
  },
  lei: {
    description: "Legal entity identifier, ISO 17442",
    example: "5493001KJTIIGC8Y1R12",
    lengthMax: 32,
    validate: validateLei,
  },
  duns: {
    description: "D-U-N-S number",
    example: "15-048-3782",
    lengthMax: 32,
    validate: validateDuns,
  },
  eori: {
    description: "EU or GB customs operator number",
    example: "DE1234567",
    lengthMax: 32,
    validate: validateEori,
  },
  email: {
    description: "Mailbox of the contact",
    example: "anna.becker@rohrwerk.de",
    lengthMax: 320,
    validate: validateEmail,
  },
  phone: {
    description: "Telephone number, international or of the country",
    example: "06221 540",
    lengthMax: 64,
    validate: validatePhone,
  },
  website: {
    description: "Address of the website",
    example: "https://www.rohrwerk.de/",
    lengthMax: 2048,
    validate: validateWebsite,
  },
  address: {
    description:
      "Postal address as one text, or an object of street, city, region, postalCode, country",
    example: "Hauptstr. 1, 69117 Heidelberg",
    lengthMax: 500,
    validate: validateAddressText,
  },
  street: {
    description: "Street and number",
    example: "Hauptstr. 1",
    lengthMax: 200,
    validate: validateAddressText,
  },
  city: { description: "Town", example: "Heidelberg", lengthMax: 100, validate: validatePlace },
  region: {
    description: "State, province or district",
    example: "Baden-Württemberg",
    lengthMax: 100,
    validate: validatePlace,
  },
  postalCode: {
    description: "Postal code of the country",
    example: "69117",
    lengthMax: 32,
    validate: validatePostalCode,
  },
  hsCode: {
    description: "Harmonised System code of the main product",
    example: "7307.21",
    lengthMax: 32,
    validate: validateHsCode,
  },
  gtin: {
    description: "Global Trade Item Number of a product",
    example: "4006381333931",
    lengthMax: 32,
    validate: validateGtin,
  },
  gln: {
    description: "Global Location Number",
    example: "4012345500004",
    lengthMax: 32,
    validate: validateGln,
  },
  gs1CompanyPrefix: {
    description: "GS1 company prefix",
    example: "4012345",
    lengthMax: 32,
    validate: validateGs1CompanyPrefix,
  },
  iban: {
    description: "International bank account number",
    example: "DE89370400440532013000",
    lengthMax: 64,
    validate: validateIban,
  },
  bic: {
    description: "Business identifier code of the bank",
    example: "DEUTDEFF",
    lengthMax: 32,
    validate: validateBic,
  },
} as const satisfies Record<string, ProfileField>;

export type ProfileFieldName = keyof typeof profileFields;

/** Objects whose members are profile fields themselves: `address/postalCode`, `contact/email`. */
export const fieldGroups: ReadonlySet<string> = new Set(["address", "contact"]);

/** The field of that name, and never something that every object inherits. */
export const fieldOf = (name: string): ProfileField | undefined =>
  Object.hasOwn(profileFields, name) ? profileFields[name as ProfileFieldName] : undefined;
