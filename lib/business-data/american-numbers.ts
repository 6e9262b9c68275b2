import * as arCuit from "stdnum/lib/cjs/ar/cuit.js";
import * as brCnpj from "stdnum/lib/cjs/br/cnpj.js";
import * as brCpf from "stdnum/lib/cjs/br/cpf.js";
import * as caBusiness from "stdnum/lib/cjs/ca/bn.js";
import * as clRut from "stdnum/lib/cjs/cl/rut.js";
import * as coNit from "stdnum/lib/cjs/co/nit.js";
import * as doRnc from "stdnum/lib/cjs/do/rnc.js";
import * as gtNit from "stdnum/lib/cjs/gt/nit.js";
import * as peRuc from "stdnum/lib/cjs/pe/ruc.js";
import * as veRif from "stdnum/lib/cjs/ve/rif.js";
import { hasLuhnDigit } from "./check-digit.ts";
import {
  hasEcuadorianCompanyDigit,
  hasEcuadorianPublicDigit,
  hasNitDigit,
  hasRfcDigit,
  hasRucDigit,
  hasUruguayanDigit,
} from "./national-check-digits.ts";
import type { NumberRule } from "./number-rule.ts";
import { byStandard } from "./number-rule.ts";

const tax = ["taxId"] as const;
const vat = ["taxId", "vatId"] as const;
const register = ["registrationNumber"] as const;
const every = ["taxId", "vatId", "registrationNumber"] as const;

/** Two digits per issuing campus, seven in sequence, no check digit (IRS, valid EIN prefixes). */
const employerNumber: NumberRule = {
  scheme: "US EIN",
  fields: tax,
  // A social security number: as long, but of a person, who had better not send it.
  foreignSpelling: /^\d{3}-\d{2}-\d{4}$/,
  pattern: /^((?:0[1-6]|1[0-6]|2[0-7]|3\d|4[0-8]|5\d|6[0-8]|7[1-7]|8[0-8]|9[0-589])(?!0{7})\d{7})$/,
};

/** Three or four letters, a date, two characters against doubles, a check character (SAT). */
const mexicanRfc: NumberRule = {
  scheme: "MX RFC",
  fields: vat,
  pattern:
    /^([A-ZÑ&]{3,4}\d\d(?:(?:0[13-9]|1[0-2])(?:0[1-9]|[12]\d|30)|(?:0[13578]|1[02])31|02(?:0[1-9]|[12]\d))[A-Z0-9]{2}[0-9A])$/,
  check: hasRfcDigit,
  // The tax office has issued numbers that its own rule does not give.
  checkIsAdvisory: true,
};

/** Tax and register numbers of the Americas. */
export const americanNumbers: Record<string, readonly NumberRule[]> = {
  AR: [{ scheme: "AR CUIT", fields: every, pattern: /^(\d{11})$/, check: byStandard(arCuit) }],
  BO: [{ scheme: "BO NIT", fields: vat, pattern: /^(\d{7,12})$/ }],
  BR: [
    {
      scheme: "BR CNPJ",
      fields: every,
      pattern: /^([A-Z0-9]{12}\d{2})$/,
      check: byStandard(brCnpj),
    },
    { scheme: "BR CPF", fields: tax, pattern: /^(\d{11})$/, check: byStandard(brCpf) },
  ],
  CA: [
    {
      scheme: "CA BN",
      fields: every,
      pattern: /^(\d{9}(?:R[CMPRTZ]\d{4})?)$/,
      check: byStandard(caBusiness),
    },
    { scheme: "CA QST", fields: vat, pattern: /^(\d{10}TQ\d{4})$/ },
    { scheme: "CA corporation", fields: register, pattern: /^([A-Z]{0,2}\d{6,8})$/ },
  ],
  CL: [{ scheme: "CL RUT", fields: every, pattern: /^(\d{7,8}[0-9K])$/, check: byStandard(clRut) }],
  CO: [{ scheme: "CO NIT", fields: every, pattern: /^(\d{8,11})$/, check: byStandard(coNit) }],
  CR: [
    {
      scheme: "CR cédula jurídica",
      fields: every,
      // The class of the entity: state, private, autonomous, municipal (Registro Nacional).
      pattern: /^((?:2[1-4]00|3[01]\d\d|4000|5001)\d{6})$/,
    },
  ],
  DO: [{ scheme: "DO RNC", fields: every, pattern: /^(\d{9})$/, check: byStandard(doRnc) }],
  EC: [
    {
      // Province (30 abroad, 50 without a seat), identity number or public body, establishment.
      scheme: "EC RUC (person or public body)",
      fields: every,
      pattern: /^((?:0[1-9]|1\d|2[0-4]|30|50)[0-6]\d{7}(?!000)\d{3})$/,
      check: (number) =>
        hasLuhnDigit(number.slice(0, 10)) ||
        (number[2] === "6" && hasEcuadorianPublicDigit(number)),
    },
    {
      scheme: "EC RUC",
      fields: every,
      pattern: /^((?:0[1-9]|1\d|2[0-4]|30|50)9\d{7}(?!000)\d{3})$/,
      check: (number) => hasEcuadorianCompanyDigit(number) || hasEcuadorianPublicDigit(number),
      // The tax office no longer makes companies' numbers by the rule that it once published.
      checkIsAdvisory: true,
    },
  ],
  GT: [
    { scheme: "GT NIT", fields: every, pattern: /^(\d{2,11}[0-9K])$/, check: byStandard(gtNit) },
  ],
  HN: [{ scheme: "HN RTN", fields: every, pattern: /^(\d{14})$/ }],
  MX: [mexicanRfc],
  NI: [{ scheme: "NI RUC", fields: every, pattern: /^([A-Z]\d{13})$/ }],
  PE: [
    {
      scheme: "PE RUC",
      fields: every,
      pattern: /^((?:10|15|16|17|20)\d{9})$/,
      check: byStandard(peRuc),
    },
  ],
  PR: [employerNumber],
  PY: [{ scheme: "PY RUC", fields: every, pattern: /^(\d{5,9})$/, check: hasRucDigit }],
  SV: [{ scheme: "SV NIT", fields: every, pattern: /^([019]\d{13})$/, check: hasNitDigit }],
  US: [employerNumber],
  UY: [
    {
      scheme: "UY RUT",
      fields: every,
      pattern: /^((?:0[1-9]|1\d|2[0-2])(?!0{6})\d{6}001\d)$/,
      check: hasUruguayanDigit,
    },
  ],
  VE: [{ scheme: "VE RIF", fields: every, pattern: /^([VEJPG]\d{9})$/, check: byStandard(veRif) }],
};
