import * as atUid from "stdnum/lib/cjs/at/uid.js";
import * as beVat from "stdnum/lib/cjs/be/vat.js";
import * as cyVat from "stdnum/lib/cjs/cy/vat.js";
import * as czVat from "stdnum/lib/cjs/cz/dic.js";
import * as deVat from "stdnum/lib/cjs/de/vat.js";
import * as dkCvr from "stdnum/lib/cjs/dk/cvr.js";
import * as eeVat from "stdnum/lib/cjs/ee/kmkr.js";
import * as esNif from "stdnum/lib/cjs/es/nif.js";
import * as fiVat from "stdnum/lib/cjs/fi/alv.js";
import * as frVat from "stdnum/lib/cjs/fr/tva.js";
import * as grVat from "stdnum/lib/cjs/gr/vat.js";
import * as hrOib from "stdnum/lib/cjs/hr/oib.js";
import * as huVat from "stdnum/lib/cjs/hu/anum.js";
import * as ieVat from "stdnum/lib/cjs/ie/vat.js";
import * as itVat from "stdnum/lib/cjs/it/iva.js";
import * as ltVat from "stdnum/lib/cjs/lt/pvm.js";
import * as luVat from "stdnum/lib/cjs/lu/tva.js";
import * as lvVat from "stdnum/lib/cjs/lv/pvn.js";
import * as mtVat from "stdnum/lib/cjs/mt/vat.js";
import * as nlVat from "stdnum/lib/cjs/nl/btw.js";
import * as plNip from "stdnum/lib/cjs/pl/nip.js";
import * as ptNif from "stdnum/lib/cjs/pt/nif.js";
import * as roCui from "stdnum/lib/cjs/ro/cui.js";
import * as seVat from "stdnum/lib/cjs/se/vat.js";
import {
  hasBulgarianEntityDigit,
  hasBulgarianPersonDigit,
  hasCzechEntityDigit,
  hasCzechSpecialDigit,
  hasLatvianPersonDigit,
  hasSlovakVatDigit,
  hasSlovenianVatDigit,
} from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const vat = (prefix: string, name: string, country = prefix) =>
  ({ scheme: `${country} ${name}`, fields: ["taxId", "vatId"], prefix }) as const;

/** A number that serves as tax, VAT and register number at once. */
const universal = (prefix: string, name: string) =>
  ({
    scheme: `${prefix} ${name}`,
    fields: ["taxId", "vatId", "registrationNumber"],
    prefix,
  }) as const;

/**
 * VAT numbers of the member states, in the shapes and with the prefix that VIES uses (Council Directive
 * 2006/112/EC article 215; `EL` for Greece). In some states the same number serves every purpose.
 */
export const unionVatNumbers: Record<string, readonly NumberRule[]> = {
  AT: [{ ...vat("AT", "UID"), pattern: /^(?:AT)?(U\d{8})$/, check: byStandard(atUid) }],
  BE: [
    {
      ...universal("BE", "BTW"),
      // Nine digits until 2005; a zero in front has made them ten since.
      digits: 10,
      pattern: /^(?:BE)?([01]\d{9})$/,
      check: byStandard(beVat),
    },
  ],
  BG: [
    { ...universal("BG", "EIK"), pattern: /^(?:BG)?(\d{9})$/, check: hasBulgarianEntityDigit },
    { ...vat("BG", "DDS"), pattern: /^(?:BG)?(\d{10})$/, check: hasBulgarianPersonDigit },
  ],
  CY: [{ ...vat("CY", "FPA"), pattern: /^(?:CY)?((?!12)\d{8}[A-Z])$/, check: byStandard(cyVat) }],
  CZ: [
    { ...vat("CZ", "DIČ"), pattern: /^(?:CZ)?([0-8]\d{7})$/, check: hasCzechEntityDigit },
    {
      ...vat("CZ", "DIČ (person)"),
      pattern: /^(?:CZ)?(\d{10})$/,
      check: byStandard(czVat),
    },
    {
      ...vat("CZ", "DIČ (special)"),
      pattern: /^(?:CZ)?(6\d{8})$/,
      check: hasCzechSpecialDigit,
    },
    {
      // Persons born before 1954 (month + 50 for women): no check digit.
      ...vat("CZ", "DIČ (person, nine digits)"),
      pattern:
        /^(?:CZ)?((?:[0-4]\d|5[0-3])(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])(?!000)\d{3})$/,
    },
  ],
  DE: [{ ...vat("DE", "USt-IdNr."), pattern: /^(?:DE)?([1-9]\d{8})$/, check: byStandard(deVat) }],
  DK: [{ ...universal("DK", "CVR"), pattern: /^(?:DK)?([1-9]\d{7})$/, check: byStandard(dkCvr) }],
  EE: [{ ...vat("EE", "KMKR"), pattern: /^(?:EE)?(\d{9})$/, check: byStandard(eeVat) }],
  ES: [
    {
      ...universal("ES", "NIF"),
      pattern: /^(?:ES)?([A-Z0-9]\d{7}[A-Z0-9])$/,
      check: byStandard(esNif),
    },
  ],
  FI: [{ ...universal("FI", "Y-tunnus"), pattern: /^(?:FI)?(\d{8})$/, check: byStandard(fiVat) }],
  FR: [
    { ...vat("FR", "TVA"), pattern: /^(?:FR)?([A-HJ-NP-Z0-9]{2}\d{9})$/, check: byStandard(frVat) },
  ],
  GR: [
    {
      ...vat("EL", "AFM", "GR"),
      digits: 9,
      pattern: /^(?:EL|GR)?(\d{9})$/,
      check: byStandard(grVat),
    },
  ],
  HR: [{ ...vat("HR", "OIB"), pattern: /^(?:HR)?(\d{11})$/, check: byStandard(hrOib) }],
  HU: [{ ...vat("HU", "ANUM"), pattern: /^(?:HU)?(\d{8})$/, check: byStandard(huVat) }],
  IE: [
    {
      ...vat("IE", "VAT"),
      pattern: /^(?:IE)?(\d[A-Z0-9]\d{5}[A-W][A-I]?)$/,
      check: byStandard(ieVat),
    },
  ],
  IT: [{ ...universal("IT", "IVA"), pattern: /^(?:IT)?(\d{11})$/, check: byStandard(itVat) }],
  LT: [{ ...vat("LT", "PVM"), pattern: /^(?:LT)?(\d{9}|\d{12})$/, check: byStandard(ltVat) }],
  LU: [{ ...vat("LU", "TVA"), pattern: /^(?:LU)?(\d{8})$/, check: byStandard(luVat) }],
  LV: [
    { ...universal("LV", "PVN"), pattern: /^(?:LV)?([4-9]\d{10})$/, check: byStandard(lvVat) },
    {
      // A date of birth and its century; 32 in its place since July 2017.
      ...vat("LV", "PVN (person)"),
      pattern: /^(?:LV)?((?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[0-2]\d{4}|32\d{9})$/,
      check: hasLatvianPersonDigit,
    },
  ],
  MT: [{ ...vat("MT", "VAT"), pattern: /^(?:MT)?([1-9]\d{7})$/, check: byStandard(mtVat) }],
  NL: [
    {
      ...vat("NL", "btw"),
      digits: 9,
      pattern: /^(?:NL)?(\d{9}B(?!00)\d{2})$/,
      check: (number) => byStandard(nlVat)(`NL${number}`),
    },
  ],
  PL: [{ ...vat("PL", "NIP"), pattern: /^(?:PL)?(\d{10})$/, check: byStandard(plNip) }],
  PT: [{ ...universal("PT", "NIF"), pattern: /^(?:PT)?([1-9]\d{8})$/, check: byStandard(ptNif) }],
  RO: [{ ...universal("RO", "CUI"), pattern: /^(?:RO)?([1-9]\d{1,9})$/, check: byStandard(roCui) }],
  SE: [{ ...vat("SE", "moms"), pattern: /^(?:SE)?(\d{10}01)$/, check: byStandard(seVat) }],
  SI: [{ ...vat("SI", "DDV"), pattern: /^(?:SI)?([1-9]\d{7})$/, check: hasSlovenianVatDigit }],
  SK: [
    {
      ...vat("SK", "IČ DPH"),
      pattern: /^(?:SK)?([1-9]\d[2-47-9]\d{7})$/,
      check: hasSlovakVatDigit,
    },
  ],
};
