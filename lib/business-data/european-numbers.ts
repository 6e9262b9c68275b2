import * as byUnp from "stdnum/lib/cjs/by/unp.js";
import * as chUid from "stdnum/lib/cjs/ch/uid.js";
import * as gbUtr from "stdnum/lib/cjs/gb/utr.js";
import * as gbVat from "stdnum/lib/cjs/gb/vat.js";
import * as isKennitala from "stdnum/lib/cjs/is/kennitala.js";
import * as mcVat from "stdnum/lib/cjs/mc/tva.js";
import * as mdIdno from "stdnum/lib/cjs/md/idno.js";
import * as mePib from "stdnum/lib/cjs/me/pib.js";
import * as mkEdb from "stdnum/lib/cjs/mk/edb.js";
import * as noOrganisation from "stdnum/lib/cjs/no/orgnr.js";
import * as rsPib from "stdnum/lib/cjs/rs/pib.js";
import * as ruInn from "stdnum/lib/cjs/ru/inn.js";
import * as trCitizen from "stdnum/lib/cjs/tr/tckimlik.js";
import * as trVkn from "stdnum/lib/cjs/tr/vkn.js";
import * as uaEdrpou from "stdnum/lib/cjs/ua/edrpou.js";
import * as uaRntrc from "stdnum/lib/cjs/ua/rntrc.js";
import { hasBinDigit, hasOgrnDigit, hasVoenDigit } from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const vat = ["taxId", "vatId"] as const;
const tax = ["taxId"] as const;
const register = ["registrationNumber"] as const;
const taxAndRegister = ["taxId", "registrationNumber"] as const;
const every = ["taxId", "vatId", "registrationNumber"] as const;

const unitedKingdomVat = { fields: vat, check: byStandard(gbVat) } as const;

const swissUid: NumberRule = {
  scheme: "CH UID",
  fields: every,
  prefix: "CHE",
  pattern: /^(?:CHE)?(\d{9})(?:MWST|TVA|IVA|TPV|HR|RC)?$/,
  check: (number) => byStandard(chUid)(`CHE${number}`),
};

/** VAT, tax and register numbers of Europe outside the Union and of the Caucasus and Central Asia. */
export const europeanNumbers: Record<string, readonly NumberRule[]> = {
  AD: [
    {
      scheme: "AD NRT",
      fields: every,
      // Companies (A, L) are numbered from 700000, residents (F) below that.
      pattern: /^(?:AD)?((?:[AL]7\d{5}|F[0-6]\d{5}|[CDEGOPU]\d{6})[A-Z])$/,
    },
  ],
  AL: [{ scheme: "AL NIPT", fields: every, pattern: /^(?:AL)?([A-M]\d{8}[A-Z])$/ }],
  AM: [{ scheme: "AM HVHH", fields: tax, pattern: /^(\d{8})$/ }],
  AZ: [
    { scheme: "AZ VÖEN", fields: tax, digits: 10, pattern: /^(\d{9}[12])$/, check: hasVoenDigit },
  ],
  BA: [
    { scheme: "BA PDV", fields: vat, pattern: /^(\d{12})$/ },
    { scheme: "BA JIB", fields: taxAndRegister, pattern: /^(4\d{12})$/ },
  ],
  BY: [
    {
      scheme: "BY UNP",
      fields: every,
      pattern: /^(?:BY|UNP)?([1-7]\d{8}|[ABCEHKM][ABCEHKMOPT]\d{7})$/,
      check: byStandard(byUnp),
    },
  ],
  CH: [swissUid],
  GB: [
    {
      scheme: "GB VAT",
      ...unitedKingdomVat,
      prefix: "GB",
      pattern: /^(?:GB)?(\d{9}|\d{12}|(?:GD|HA)\d{3})$/,
    },
    {
      scheme: "XI VAT",
      ...unitedKingdomVat,
      prefix: "XI",
      pattern: /^XI(\d{9}|\d{12}|(?:GD|HA)\d{3})$/,
    },
    { scheme: "GB UTR", fields: tax, pattern: /^(\d{10})K?$/, check: byStandard(gbUtr) },
    {
      scheme: "GB company",
      fields: register,
      digits: 8,
      pattern:
        /^(\d{8}|(?:SC|NI|OC|SO|NC|FC|BR|SF|NF|GE|LP|SL|NL|IP|RS|SP|RC|SR|NR|CE|CS|R0|ZC|SZ|NZ|OE)\d{6})$/,
    },
  ],
  GE: [{ scheme: "GE SN", fields: taxAndRegister, pattern: /^(\d{9}|\d{11})$/ }],
  IS: [
    { scheme: "IS VSK", fields: vat, pattern: /^(?:IS)?(\d{5,6})$/ },
    {
      scheme: "IS kennitala",
      fields: taxAndRegister,
      // A day of birth or of foundation (day + 40); the last digit is the century.
      pattern: /^([0-7]\d{8}[09])$/,
      check: byStandard(isKennitala),
    },
  ],
  KZ: [{ scheme: "KZ BIN", fields: every, pattern: /^(\d{12})$/, check: hasBinDigit }],
  LI: [{ scheme: "LI MWST", fields: vat, pattern: /^(\d{5})$/ }, swissUid],
  MC: [
    {
      scheme: "MC TVA",
      fields: vat,
      prefix: "FR",
      pattern: /^(?:FR|MC)?(\d{2}000\d{6})$/,
      check: byStandard(mcVat),
    },
  ],
  MD: [
    { scheme: "MD IDNO", fields: taxAndRegister, pattern: /^(\d{13})$/, check: byStandard(mdIdno) },
  ],
  ME: [
    { scheme: "ME PIB", fields: taxAndRegister, pattern: /^(\d{8})$/, check: byStandard(mePib) },
  ],
  MK: [
    {
      scheme: "MK EDB",
      fields: vat,
      prefix: "MK",
      pattern: /^(?:MK)?(\d{13})$/,
      check: byStandard(mkEdb),
    },
  ],
  NO: [
    {
      scheme: "NO orgnr",
      fields: every,
      pattern: /^(?:NO)?([2389]\d{8})(?:MVA)?$/,
      check: byStandard(noOrganisation),
    },
  ],
  RS: [
    {
      scheme: "RS PIB",
      fields: vat,
      prefix: "RS",
      pattern: /^(?:RS)?(\d{9})$/,
      check: byStandard(rsPib),
    },
    { scheme: "RS MB", fields: register, pattern: /^(\d{8})$/ },
  ],
  RU: [
    { scheme: "RU INN", fields: tax, pattern: /^(\d{10}|\d{12})$/, check: byStandard(ruInn) },
    { scheme: "RU OGRN", fields: register, pattern: /^([15]\d{12}|3\d{14})$/, check: hasOgrnDigit },
  ],
  SM: [{ scheme: "SM COE", fields: every, prefix: "SM", pattern: /^(?:SM)?0*([1-9]\d{2,4})$/ }],
  TR: [
    { scheme: "TR VKN", fields: vat, pattern: /^(?:TR)?(\d{10})$/, check: byStandard(trVkn) },
    { scheme: "TR TCKN", fields: tax, pattern: /^([1-9]\d{10})$/, check: byStandard(trCitizen) },
    { scheme: "TR MERSIS", fields: register, pattern: /^(\d{16})$/ },
  ],
  UA: [
    {
      scheme: "UA EDRPOU",
      fields: taxAndRegister,
      pattern: /^(\d{8})$/,
      check: byStandard(uaEdrpou),
    },
    { scheme: "UA RNTRC", fields: tax, pattern: /^(\d{10})$/, check: byStandard(uaRntrc) },
    { scheme: "UA IPN", fields: vat, pattern: /^(\d{12})$/ },
  ],
  UZ: [{ scheme: "UZ STIR", fields: tax, pattern: /^([23]\d{8})$/ }],
};
