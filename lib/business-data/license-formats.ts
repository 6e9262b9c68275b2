import { countryCodes } from "./country-codes.ts";
import { hasUsccDigit } from "./national-check-digits.ts";

/**
 * One kind of licence that a manufacturer can hold, as data. There are thousands of issuing offices and
 * few publish a pattern, so a kind refuses a number only where the number claims to be of that kind. A
 * number of a kind without a mark of its own (two letters and seven digits) may be of another kind.
 */
export interface LicenseFormat {
  scheme: string;
  /** Where the kind is issued; `undefined` for a kind that holders of any country have. */
  country?: string;
  /** What makes a number, in canonical spelling, claim to be of this kind and of no other. */
  claim?: RegExp;
  /** The whole shape; its groups, joined by a hyphen, are the normalised number. */
  pattern: RegExp;
  /** Whether the check digits of the number are right. */
  check?: (number: string) => boolean;
}

const usStates =
  "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY".split(
    " ",
  );

/** DEA registration: d1 + d3 + d5 + 2 (d2 + d4 + d6), last digit equals d7 (21 CFR part 1301 practice). */
function hasDeaDigit(number: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, digit] = [...number.slice(2)].map(Number);
  return (a + c + e + 2 * (b + d + f)) % 10 === digit;
}

export const licenseFormats: readonly LicenseFormat[] = [
  {
    // Regulation (EU) 2017/745 article 31, as EUDAMED issues it: country, role, nine digits.
    scheme: "EUDAMED SRN",
    claim: /^[A-Z]{2}(?:MF|AR|PR|IM)\d{6,}$/,
    pattern: new RegExp(`^(XI|${[...countryCodes].join("|")})(MF|AR|PR|IM)(\\d{9})$`),
  },
  {
    // The number of the business licence itself since October 2015 (GB 32100-2015).
    scheme: "CN business licence",
    country: "CN",
    claim: /^[0-9A-Z]{2}\d{6}[0-9A-Z]{10}$/,
    pattern: /^([1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUW-Y]{10})$/,
    check: hasUsccDigit,
  },
  {
    // Measures for food production licences, article 29: food or additive, category, place, sequence, check.
    scheme: "CN food production",
    country: "CN",
    claim: /^SC/,
    pattern: /^(SC[12]\d{13})$/,
  },
  {
    // Measures for industrial product licences: trade, product, enterprise.
    scheme: "CN industrial product",
    country: "CN",
    claim: /^XK/,
    pattern: /^(XK\d{2})(\d{3})(\d{5})$/,
  },
  {
    // Ministry of MSME: state, district, sequence.
    scheme: "IN Udyam",
    country: "IN",
    claim: /^UDYAM/,
    pattern: /^(UDYAM)([A-Z]{2})(\d{2})(\d{7})$/,
  },
  {
    // FSSAI: kind of registration, state, year, office, sequence.
    scheme: "IN FSSAI",
    country: "IN",
    pattern: /^([12]\d{13})$/,
  },
  {
    // ATF: region (neither 2 nor 7), district, county, type, expiry (no letter I), sequence; 27 CFR 478.
    scheme: "US federal firearms licence",
    country: "US",
    claim: /^\d{8}\d[A-Z]\d{5}$/,
    pattern: /^([1345689])(\d{2})(\d{3})(0[1-36-9]|1[01])(\d[A-HJ-M])(\d{5})$/,
  },
  {
    // 40 CFR 262.18: state or territory, a letter or digit, nine digits.
    scheme: "US EPA identification",
    country: "US",
    pattern: new RegExp(`^((?:${usStates.join("|")})[A-Z0-9]\\d{9})$`),
  },
  {
    scheme: "US DEA registration",
    country: "US",
    pattern: /^([ABFGMPRX][A-Z9]\d{7})$/,
    check: hasDeaDigit,
  },
];
