import * as deVat from "stdnum/lib/cjs/de/vat.js";
import * as eeRegister from "stdnum/lib/cjs/ee/registrikood.js";
import * as huVat from "stdnum/lib/cjs/hu/anum.js";
import * as nlBsn from "stdnum/lib/cjs/nl/bsn.js";
import * as plRegon from "stdnum/lib/cjs/pl/regon.js";
import * as seOrganisation from "stdnum/lib/cjs/se/orgnr.js";
import { hasLuhnDigit } from "./check-digit.ts";
import {
  hasCzechEntityDigit,
  hasSiretDigit,
  hasSlovenianEntityDigit,
} from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";
import { readFrenchEntry, readGermanEntry, readRomanianEntry } from "./register-entries.ts";

const tax = ["taxId"] as const;
const register = ["registrationNumber"] as const;
const taxAndRegister = ["taxId", "registrationNumber"] as const;

/** Tax and register numbers of the member states beside their VAT numbers. */
export const unionNationalNumbers: Record<string, readonly NumberRule[]> = {
  AT: [{ scheme: "AT Firmenbuch", fields: register, pattern: /^(?:FN)?(\d{1,6}[A-Z])$/ }],
  CY: [{ scheme: "CY HE", fields: register, pattern: /^(?:HE|C)?(\d{1,6})$/ }],
  CZ: [{ scheme: "CZ IČO", fields: register, pattern: /^(\d{8})$/, check: hasCzechEntityDigit }],
  DE: [
    {
      scheme: "DE W-IdNr.",
      fields: tax,
      prefix: "DE",
      pattern: /^(?:DE)?([1-9]\d{13})$/,
      check: (number) => byStandard(deVat)(number.slice(0, 9)),
    },
    {
      scheme: "DE Steuernummer",
      fields: tax,
      // Of the state, or of thirteen digits with the state in front (AO section 139a, ELSTER).
      pattern: /^(\d{10,11}|(?:1[01]|2[1-46-8]|3[0-2]|4[01])\d\d0\d{8}|[59]\d{3}0\d{8})$/,
    },
    { scheme: "DE Handelsregister", fields: register, read: readGermanEntry },
  ],
  EE: [
    {
      scheme: "EE registrikood",
      fields: taxAndRegister,
      pattern: /^([1789]\d{7})$/,
      check: byStandard(eeRegister),
    },
  ],
  FR: [
    {
      scheme: "FR SIREN",
      fields: taxAndRegister,
      read: readFrenchEntry,
      check: hasLuhnDigit,
    },
    {
      scheme: "FR SIRET",
      fields: taxAndRegister,
      pattern: /^(\d{14})$/,
      check: hasSiretDigit,
    },
  ],
  GR: [{ scheme: "GR GEMI", fields: register, pattern: /^(\d{12})$/ }],
  HR: [{ scheme: "HR MBS", fields: register, pattern: /^(\d{9})$/ }],
  HU: [
    {
      scheme: "HU adószám",
      fields: tax,
      pattern: /^(\d{8}[1-5]\d{2})$/,
      check: (number) => byStandard(huVat)(number.slice(0, 8)),
    },
    { scheme: "HU cégjegyzékszám", fields: register, pattern: /^(\d{10})$/ },
  ],
  IE: [{ scheme: "IE CRO", fields: register, pattern: /^(\d{5,6})$/ }],
  IT: [{ scheme: "IT REA", fields: register, pattern: /^(?:REA)?([A-Z]{2}\d{5,7})$/ }],
  LT: [{ scheme: "LT kodas", fields: register, pattern: /^(\d{9})$/ }],
  LU: [{ scheme: "LU RCS", fields: register, pattern: /^(?:RCS(?:LUXEMBOURG)?)?([A-K]\d{1,6})$/ }],
  MT: [{ scheme: "MT company", fields: register, pattern: /^(C\d{1,6})$/ }],
  NL: [
    { scheme: "NL RSIN", fields: tax, pattern: /^(\d{9})$/, check: byStandard(nlBsn) },
    { scheme: "NL KvK", fields: register, pattern: /^(?:KVK)?(\d{8})$/ },
  ],
  PL: [
    {
      scheme: "PL REGON",
      fields: register,
      pattern: /^(\d{9}|\d{14})$/,
      check: byStandard(plRegon),
    },
    { scheme: "PL KRS", fields: register, pattern: /^(?:KRS)?(\d{10})$/ },
  ],
  RO: [{ scheme: "RO ONRC", fields: register, read: readRomanianEntry }],
  SE: [
    {
      scheme: "SE orgnr",
      fields: taxAndRegister,
      // Twelve digits with `16` in front, where a form wants a century.
      pattern: /^(?:16)?(\d{10})$/,
      check: byStandard(seOrganisation),
    },
  ],
  SI: [
    {
      scheme: "SI matična številka",
      fields: register,
      pattern: /^(\d{7}(?:[A-Z0-9]\d{2})?)$/,
      check: hasSlovenianEntityDigit,
    },
  ],
  SK: [{ scheme: "SK IČO", fields: register, pattern: /^(\d{8})$/, check: hasCzechEntityDigit }],
};
