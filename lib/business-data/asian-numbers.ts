import * as auAbn from "stdnum/lib/cjs/au/abn.js";
import * as auAcn from "stdnum/lib/cjs/au/acn.js";
import * as ilCompany from "stdnum/lib/cjs/il/hp.js";
import * as inGstin from "stdnum/lib/cjs/in/gstin.js";
import * as jpCorporate from "stdnum/lib/cjs/jp/cn.js";
import * as krBusiness from "stdnum/lib/cjs/kr/brn.js";
import * as nzIrd from "stdnum/lib/cjs/nz/ird.js";
import * as sgUen from "stdnum/lib/cjs/sg/uen.js";
import * as thTin from "stdnum/lib/cjs/th/tin.js";
import * as twUbn from "stdnum/lib/cjs/tw/ubn.js";
import * as vnMst from "stdnum/lib/cjs/vn/mst.js";
import { hasGs1Digit, hasLuhnDigit } from "./check-digit.ts";
import { hasNpwpDigit, hasUsccDigit } from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const tax = ["taxId"] as const;
const vat = ["taxId", "vatId"] as const;
const register = ["registrationNumber"] as const;
const taxAndRegister = ["taxId", "registrationNumber"] as const;
const every = ["taxId", "vatId", "registrationNumber"] as const;

/** Tax and register numbers of Asia, the Gulf and Oceania. */
export const asianNumbers: Record<string, readonly NumberRule[]> = {
  AE: [{ scheme: "AE TRN", fields: vat, pattern: /^(100\d{12})$/ }],
  AU: [
    { scheme: "AU ABN", fields: every, pattern: /^([1-9]\d{10})$/, check: byStandard(auAbn) },
    { scheme: "AU ACN", fields: register, pattern: /^(\d{9})$/, check: byStandard(auAcn) },
  ],
  BD: [
    { scheme: "BD TIN", fields: tax, pattern: /^(\d{12})$/ },
    { scheme: "BD BIN", fields: vat, pattern: /^(\d{13})$/ },
  ],
  BH: [
    { scheme: "BH VAT", fields: vat, pattern: /^(2\d{14})$/ },
    { scheme: "BH CR", fields: register, pattern: /^(\d{4,6}(?:\d{1,2})?)$/ },
  ],
  CN: [
    {
      scheme: "CN USCC",
      fields: every,
      // Registering office (N: agriculture, Y: others), kind, district, body, check character.
      pattern: /^([1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUW-Y]{10})$/,
      check: hasUsccDigit,
    },
  ],
  HK: [{ scheme: "HK BR", fields: taxAndRegister, pattern: /^(\d{8}(?:\d{3})?)$/ }],
  ID: [
    { scheme: "ID NPWP", fields: vat, pattern: /^0?(\d{15})$/, check: hasNpwpDigit },
    {
      // A resident's identity number: district, date of birth (day + 40 for women), sequence.
      scheme: "ID NPWP (16 digits)",
      fields: vat,
      pattern:
        /^([1-9]\d{5}(?:0[1-9]|[1256]\d|[37][01]|4[1-9])(?:0[1-9]|1[0-2])\d\d(?!0{4})\d{4})$/,
    },
    { scheme: "ID NIB", fields: register, pattern: /^(\d{13})$/ },
  ],
  IL: [
    { scheme: "IL HP", fields: register, pattern: /^(5\d{8})$/, check: byStandard(ilCompany) },
    {
      scheme: "IL osek murshe",
      fields: vat,
      digits: 9,
      pattern: /^(\d{9})$/,
      check: hasLuhnDigit,
    },
  ],
  IN: [
    {
      scheme: "IN GSTIN",
      fields: vat,
      pattern: /^((?:[0-3]\d|97|99)[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z])$/,
      check: byStandard(inGstin),
    },
    { scheme: "IN PAN", fields: tax, pattern: /^([A-Z]{3}[ABCFGHJLPTK][A-Z](?!0{4})\d{4}[A-Z])$/ },
    {
      scheme: "IN CIN",
      fields: register,
      pattern: /^([LU]\d{5}[A-Z]{2}(?:18|19|20)\d{2}[A-Z]{3}\d{6})$/,
    },
    { scheme: "IN LLPIN", fields: register, pattern: /^([A-Z]{3}\d{4})$/ },
  ],
  JP: [
    {
      scheme: "JP corporate number",
      fields: every,
      pattern: /^T?([1-9]\d{12})$/,
      check: byStandard(jpCorporate),
    },
  ],
  KR: [
    { scheme: "KR BRN", fields: every, pattern: /^(\d{10})$/, check: byStandard(krBusiness) },
    { scheme: "KR corporate registration", fields: register, pattern: /^(\d{13})$/ },
  ],
  LK: [{ scheme: "LK TIN", fields: vat, pattern: /^(\d{9}(?:7000)?)$/ }],
  MY: [
    {
      scheme: "MY TIN",
      fields: tax,
      pattern: /^((?:IG|CS|TA|PT|TP|TN|TR|TC|TJ|LE|[CDEFJ])\d{8,11})$/,
    },
    { scheme: "MY SST", fields: vat, pattern: /^([A-Z]\d{14})$/ },
    { scheme: "MY SSM", fields: register, pattern: /^((?:19|20)\d{2}0[1-6]\d{6}|\d{1,7}[A-Z])$/ },
  ],
  NP: [{ scheme: "NP PAN", fields: vat, pattern: /^(\d{9})$/ }],
  NZ: [
    {
      scheme: "NZ IRD",
      fields: vat,
      pattern: /^([1-9]\d{7}|0[1-9]\d{7}|1\d{8})$/,
      check: byStandard(nzIrd),
    },
    { scheme: "NZ NZBN", fields: register, pattern: /^(94\d{11})$/, check: hasGs1Digit },
  ],
  OM: [{ scheme: "OM VAT", fields: vat, prefix: "OM", pattern: /^(?:OM)?(1\d{9})$/ }],
  PH: [{ scheme: "PH TIN", fields: vat, pattern: /^(\d{9}(?:\d{3}|\d{5})?)$/ }],
  PK: [
    { scheme: "PK NTN", fields: taxAndRegister, pattern: /^([A-Z0-9]\d{6,7})$/ },
    { scheme: "PK STRN", fields: vat, pattern: /^(\d{13})$/ },
  ],
  SA: [
    { scheme: "SA VAT", fields: vat, pattern: /^(3\d{13}3)$/ },
    { scheme: "SA CR", fields: register, pattern: /^([124-7]\d{9})$/ },
  ],
  SG: [
    {
      scheme: "SG UEN",
      fields: every,
      pattern: /^(\d{8}[A-Z]|(?:18|19|20)\d{7}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z])$/,
      check: byStandard(sgUen),
    },
    { scheme: "SG GST", fields: vat, pattern: /^(M[2R9]\d{7}[0-9A-Z])$/ },
  ],
  TH: [{ scheme: "TH TIN", fields: every, pattern: /^(\d{13})$/, check: byStandard(thTin) }],
  TW: [{ scheme: "TW UBN", fields: every, pattern: /^(\d{8})$/, check: byStandard(twUbn) }],
  VN: [
    { scheme: "VN MST", fields: every, pattern: /^(\d{10}(?:\d{3})?)$/, check: byStandard(vnMst) },
  ],
};
