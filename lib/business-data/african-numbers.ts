import * as ghTin from "stdnum/lib/cjs/gh/tin.js";
import * as maIce from "stdnum/lib/cjs/ma/ice.js";
import * as mzNuit from "stdnum/lib/cjs/mz/nuit.js";
import * as zaTin from "stdnum/lib/cjs/za/tin.js";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const tax = ["taxId"] as const;
const vat = ["taxId", "vatId"] as const;
const register = ["registrationNumber"] as const;
const every = ["taxId", "vatId", "registrationNumber"] as const;

/** Tax and register numbers of Africa; few of its schemes publish a check digit. */
export const africanNumbers: Record<string, readonly NumberRule[]> = {
  AO: [{ scheme: "AO NIF", fields: vat, pattern: /^([25]\d{9})$/ }],
  CM: [{ scheme: "CM NIU", fields: vat, pattern: /^([MP]\d{12}[A-Z])$/ }],
  DZ: [{ scheme: "DZ NIF", fields: vat, pattern: /^(\d{15}(?:\d{5})?)$/ }],
  EG: [{ scheme: "EG TRN", fields: vat, pattern: /^(\d{9})$/ }],
  ET: [{ scheme: "ET TIN", fields: vat, pattern: /^(\d{10})$/ }],
  GH: [
    {
      scheme: "GH TIN",
      fields: vat,
      pattern: /^([PCGQV]00\d{7}[0-9X])$/,
      check: byStandard(ghTin),
    },
  ],
  KE: [{ scheme: "KE PIN", fields: vat, pattern: /^([AP]\d{9}[A-Z])$/ }],
  MA: [{ scheme: "MA ICE", fields: every, pattern: /^(\d{15})$/, check: byStandard(maIce) }],
  MZ: [{ scheme: "MZ NUIT", fields: vat, pattern: /^([1-9]\d{8})$/, check: byStandard(mzNuit) }],
  NG: [
    { scheme: "NG TIN", fields: vat, pattern: /^(\d{8}0001|\d{10})$/ },
    { scheme: "NG RC", fields: register, pattern: /^(?:RC)?(\d{4,7})$/ },
  ],
  RW: [{ scheme: "RW TIN", fields: every, pattern: /^(1\d{8})$/ }],
  TN: [
    {
      scheme: "TN MF",
      fields: every,
      digits: 7,
      // Only a secondary establishment (`E`) has a number of its own.
      pattern: /^(\d{7}[A-HJ-NP-TV-Z](?:[ABPDN](?:[MPCN]000|E\d{3}))?)$/,
    },
  ],
  TZ: [{ scheme: "TZ TIN", fields: tax, pattern: /^(\d{9})$/ }],
  UG: [{ scheme: "UG TIN", fields: vat, pattern: /^(1\d{9})$/ }],
  ZA: [
    {
      scheme: "ZA tax reference",
      fields: tax,
      pattern: /^([01239]\d{9})$/,
      check: byStandard(zaTin),
    },
    { scheme: "ZA VAT", fields: vat, pattern: /^(4\d{9})$/ },
    { scheme: "ZA CIPC", fields: register, pattern: /^K?((?:19|20)\d{2}\d{6}\d{2})$/ },
  ],
  ZM: [{ scheme: "ZM TPIN", fields: vat, pattern: /^([12]\d{9})$/ }],
};
