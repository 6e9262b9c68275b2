import atUid from "stdnum/lib/cjs/at/uid.js";
import beVat from "stdnum/lib/cjs/be/vat.js";
import cyVat from "stdnum/lib/cjs/cy/vat.js";
import deVat from "stdnum/lib/cjs/de/vat.js";
import dkCvr from "stdnum/lib/cjs/dk/cvr.js";
import eeVat from "stdnum/lib/cjs/ee/kmkr.js";
import esNif from "stdnum/lib/cjs/es/nif.js";
import fiVat from "stdnum/lib/cjs/fi/alv.js";
import frVat from "stdnum/lib/cjs/fr/tva.js";
import grVat from "stdnum/lib/cjs/gr/vat.js";
import hrOib from "stdnum/lib/cjs/hr/oib.js";
import huVat from "stdnum/lib/cjs/hu/anum.js";
import ieVat from "stdnum/lib/cjs/ie/vat.js";
import itVat from "stdnum/lib/cjs/it/iva.js";
import ltVat from "stdnum/lib/cjs/lt/pvm.js";
import luVat from "stdnum/lib/cjs/lu/tva.js";
import lvVat from "stdnum/lib/cjs/lv/pvn.js";
import mtVat from "stdnum/lib/cjs/mt/vat.js";
import nlVat from "stdnum/lib/cjs/nl/btw.js";
import plNip from "stdnum/lib/cjs/pl/nip.js";
import ptNif from "stdnum/lib/cjs/pt/nif.js";
import roCui from "stdnum/lib/cjs/ro/cui.js";
import seVat from "stdnum/lib/cjs/se/vat.js";
import {
  hasBulgarianEntityDigit,
  hasBulgarianPersonDigit,
  hasCzechEntityDigit,
  hasSlovakVatDigit,
  hasSlovenianVatDigit,
} from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const vat = ["taxId", "vatId"] as const;
const every = ["taxId", "vatId", "registrationNumber"] as const;

/**
 * VAT numbers of the member states, in the shapes and with the prefix that VIES uses (Council Directive
 * 2006/112/EC article 215; `EL` for Greece). In some states the same number serves every purpose.
 */
export const unionVatNumbers: Record<string, readonly NumberRule[]> = {
  AT: [
    {
      scheme: "AT UID",
      fields: vat,
      prefix: "AT",
      pattern: /^(?:AT)?(U\d{8})$/,
      check: byStandard(atUid),
    },
  ],
  BE: [
    {
      scheme: "BE BTW",
      fields: every,
      prefix: "BE",
      pattern: /^(?:BE)?([01]\d{9})$/,
      check: byStandard(beVat),
    },
  ],
  BG: [
    {
      scheme: "BG EIK",
      fields: every,
      prefix: "BG",
      pattern: /^(?:BG)?(\d{9})$/,
      check: hasBulgarianEntityDigit,
    },
    {
      scheme: "BG DDS",
      fields: vat,
      prefix: "BG",
      pattern: /^(?:BG)?(\d{10})$/,
      check: hasBulgarianPersonDigit,
    },
  ],
  CY: [
    {
      scheme: "CY FPA",
      fields: vat,
      prefix: "CY",
      pattern: /^(?:CY)?(\d{8}[A-Z])$/,
      check: byStandard(cyVat),
    },
  ],
  CZ: [
    {
      scheme: "CZ DIČ",
      fields: vat,
      prefix: "CZ",
      pattern: /^(?:CZ)?([0-8]\d{7})$/,
      check: hasCzechEntityDigit,
    },
    { scheme: "CZ DIČ (person)", fields: vat, prefix: "CZ", pattern: /^(?:CZ)?(\d{9,10})$/ },
  ],
  DE: [
    {
      scheme: "DE USt-IdNr.",
      fields: vat,
      prefix: "DE",
      pattern: /^(?:DE)?([1-9]\d{8})$/,
      check: byStandard(deVat),
    },
  ],
  DK: [
    {
      scheme: "DK CVR",
      fields: every,
      prefix: "DK",
      pattern: /^(?:DK)?([1-9]\d{7})$/,
      check: byStandard(dkCvr),
    },
  ],
  EE: [
    {
      scheme: "EE KMKR",
      fields: vat,
      prefix: "EE",
      pattern: /^(?:EE)?(\d{9})$/,
      check: byStandard(eeVat),
    },
  ],
  ES: [
    {
      scheme: "ES NIF",
      fields: every,
      prefix: "ES",
      pattern: /^(?:ES)?([A-Z0-9]\d{7}[A-Z0-9])$/,
      check: byStandard(esNif),
    },
  ],
  FI: [
    {
      scheme: "FI Y-tunnus",
      fields: every,
      prefix: "FI",
      pattern: /^(?:FI)?(\d{8})$/,
      check: byStandard(fiVat),
    },
  ],
  FR: [
    {
      scheme: "FR TVA",
      fields: vat,
      prefix: "FR",
      pattern: /^(?:FR)?([A-HJ-NP-Z0-9]{2}\d{9})$/,
      check: byStandard(frVat),
    },
  ],
  GR: [
    {
      scheme: "GR AFM",
      fields: vat,
      prefix: "EL",
      pattern: /^(?:EL|GR)?(\d{9})$/,
      check: byStandard(grVat),
    },
  ],
  HR: [
    {
      scheme: "HR OIB",
      fields: vat,
      prefix: "HR",
      pattern: /^(?:HR)?(\d{11})$/,
      check: byStandard(hrOib),
    },
  ],
  HU: [
    {
      scheme: "HU ANUM",
      fields: vat,
      prefix: "HU",
      pattern: /^(?:HU)?(\d{8})$/,
      check: byStandard(huVat),
    },
  ],
  IE: [
    {
      scheme: "IE VAT",
      fields: vat,
      prefix: "IE",
      pattern: /^(?:IE)?(\d[A-Z0-9]\d{5}[A-W][A-I]?)$/,
      check: byStandard(ieVat),
    },
  ],
  IT: [
    {
      scheme: "IT IVA",
      fields: every,
      prefix: "IT",
      pattern: /^(?:IT)?(\d{11})$/,
      check: byStandard(itVat),
    },
  ],
  LT: [
    {
      scheme: "LT PVM",
      fields: vat,
      prefix: "LT",
      pattern: /^(?:LT)?(\d{9}|\d{12})$/,
      check: byStandard(ltVat),
    },
  ],
  LU: [
    {
      scheme: "LU TVA",
      fields: vat,
      prefix: "LU",
      pattern: /^(?:LU)?(\d{8})$/,
      check: byStandard(luVat),
    },
  ],
  LV: [
    {
      scheme: "LV PVN",
      fields: every,
      prefix: "LV",
      pattern: /^(?:LV)?([4-9]\d{10})$/,
      check: byStandard(lvVat),
    },
    { scheme: "LV PVN (person)", fields: vat, prefix: "LV", pattern: /^(?:LV)?([0-3]\d{10})$/ },
  ],
  MT: [
    {
      scheme: "MT VAT",
      fields: vat,
      prefix: "MT",
      pattern: /^(?:MT)?([1-9]\d{7})$/,
      check: byStandard(mtVat),
    },
  ],
  NL: [
    {
      scheme: "NL btw",
      fields: vat,
      prefix: "NL",
      pattern: /^(?:NL)?(\d{9}B(?!00)\d{2})$/,
      check: (number) => byStandard(nlVat)(`NL${number}`),
    },
  ],
  PL: [
    {
      scheme: "PL NIP",
      fields: vat,
      prefix: "PL",
      pattern: /^(?:PL)?(\d{10})$/,
      check: byStandard(plNip),
    },
  ],
  PT: [
    {
      scheme: "PT NIF",
      fields: every,
      prefix: "PT",
      pattern: /^(?:PT)?([1-9]\d{8})$/,
      check: byStandard(ptNif),
    },
  ],
  RO: [
    {
      scheme: "RO CUI",
      fields: every,
      prefix: "RO",
      pattern: /^(?:RO)?([1-9]\d{1,9})$/,
      check: byStandard(roCui),
    },
  ],
  SE: [
    {
      scheme: "SE moms",
      fields: vat,
      prefix: "SE",
      pattern: /^(?:SE)?(\d{10}01)$/,
      check: byStandard(seVat),
    },
  ],
  SI: [
    {
      scheme: "SI DDV",
      fields: vat,
      prefix: "SI",
      pattern: /^(?:SI)?([1-9]\d{7})$/,
      check: hasSlovenianVatDigit,
    },
  ],
  SK: [
    {
      scheme: "SK IČ DPH",
      fields: vat,
      prefix: "SK",
      pattern: /^(?:SK)?([1-9]\d[2-47-9]\d{7})$/,
      check: hasSlovakVatDigit,
    },
  ],
};
