import { canonicalNumber, isRepeatedDigit, withPlainDigits } from "./canonical-number.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse, refuseFor } from "./field-verdict.ts";

/** Profile fields that hold a number of a national register. */
export type NumberField = "taxId" | "vatId" | "registrationNumber";

/** One numbering scheme of one country, as data. */
export interface NumberRule {
  /** Name of the scheme as its users know it. */
  scheme: string;
  fields: readonly NumberField[];
  /** Shape of the canonical spelling; its first group is the number without the country prefix. */
  pattern?: RegExp;
  /** In place of `pattern` where separators or a place tell numbers apart: see `register-entries.ts`. */
  read?: (written: string) => string | undefined;
  /** How many digits follow the prefix; up to two zeros that people leave out in front are put back. */
  digits?: number;
  /** How another number of the same length is written: a value in this spelling is not of the scheme. */
  foreignSpelling?: RegExp;
  /** Written before the number in the normalised value. */
  prefix?: string;
  /** Whether the check digits of the number (the pattern's first group) are right. */
  check?: (number: string) => boolean;
  /** Set where the authority has issued numbers whose check digit is wrong: a hint, no refusal. */
  checkIsAdvisory?: true;
}

/** What a validator of the `stdnum` package looks like from here. */
interface StandardNumber {
  validate: (value: string) => { isValid: boolean };
}

/** The check digits by the `stdnum` package; what it throws on odd input counts as a refusal. */
export const byStandard =
  ({ validate }: StandardNumber): ((number: string) => boolean) =>
  (number) => {
    try {
      return validate(number).isValid;
    } catch {
      return false;
    }
  };

/** The number itself, and what is left of it without its country or the name of its scheme in front. */
function spellingsOf(number: string, scheme: string): string[] {
  const country = scheme.slice(0, 2);
  const name = canonicalNumber(scheme.slice(3)) ?? country;
  const rests = [country, name, country + name]
    .filter((label) => number.startsWith(label))
    .map((label) => number.slice(label.length));
  return [number, ...rests];
}

/** Up to two zeros that people leave out in front are put back. */
const withZeros = (number: string, digits: number): string =>
  number.replace(/\d+/, (run) => (run.length >= digits - 2 ? run.padStart(digits, "0") : run));

/** The number without its prefix, if it has the shape of the scheme. */
function bodyOf(rule: NumberRule, number: string | undefined, written: string): string | undefined {
  const { read, pattern, foreignSpelling, scheme, digits } = rule;
  if (read) return read(written);
  if (number === undefined || foreignSpelling?.test(written.replace(/^[A-Z.: ]+/i, ""))) {
    return undefined;
  }
  const spellings = spellingsOf(number, scheme);
  const all =
    digits === undefined
      ? spellings
      : [...spellings, ...spellings.map((spelling) => withZeros(spelling, digits))];
  for (const spelling of all) {
    const body = pattern?.exec(spelling)?.[1];
    if (body !== undefined) return body;
  }
  return undefined;
}

/**
 * Holds a number against the schemes of a country; the first one whose shape and check digit fit wins.
 *
 * @param rules the country's schemes for the field; none gives `format-unknown`
 */
export function validateNumber(value: string, rules: readonly NumberRule[]): FieldVerdict {
  const number = canonicalNumber(value);
  if (number !== undefined && isRepeatedDigit(number)) return refuse("placeholder");
  const written = withPlainDigits(value.normalize("NFKC")).replace(/\s+/gu, " ").trim();
  let refusal =
    number === undefined
      ? refuse("invalid-characters")
      : refuseFor(rules.map(({ scheme }) => scheme));
  if (rules.length === 0) return number === undefined ? refusal : acceptUnknown(number);
  let advisory: FieldVerdict | undefined;
  for (const rule of rules) {
    const body = bodyOf(rule, number, written);
    if (body === undefined) continue;
    const normalized = `${rule.prefix ?? ""}${body}`;
    const { scheme } = rule;
    if (!rule.check) return accept(normalized, "format", { scheme });
    if (rule.check(body)) return accept(normalized, "check-digit", { scheme });
    if (rule.checkIsAdvisory) {
      advisory ??= accept(normalized, "format", { scheme, code: "check-digit-differs" });
    }
    refusal = refuse("invalid-check-digit", scheme);
  }
  return advisory ?? refusal;
}

/** Without a rule only the implausible is refused: no register uses fewer than 4 or more than 32 characters. */
export const acceptUnknown = (number: string): FieldVerdict =>
  /^(?=.*\d)[A-Z0-9&Ñ]{4,32}$/u.test(number)
    ? accept(number, "none", { code: "format-unknown" })
    : refuse("invalid-format");
