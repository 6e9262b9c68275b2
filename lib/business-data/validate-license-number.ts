import { canonicalNumber, isRepeatedDigit } from "./canonical-number.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import type { LicenseFormat } from "./license-formats.ts";
import { licenseFormats } from "./license-formats.ts";

/** What any licence may consist of: letters of every script, digits, and the marks that part them. */
const plausible = /^[\p{L}\p{M}\p{N} .,:;#&+*'"/()[\]_\-\u2010-\u2015]+$/u;

const fillers = new Set("n/a na none null nil unknown pending tbd todo test applied".split(" "));

/**
 * A licence number of a manufacturer. Where it claims to be of a kind with a public pattern it must fit
 * that pattern. All others are `format-unknown`: accepted, for want of a rule and not because of one.
 */
export function validateLicenseNumber(value: string, country: string | undefined): FieldVerdict {
  const text = value.normalize("NFKC").replace(/\s+/gu, " ").trim();
  if (fillers.has(text.toLowerCase())) return refuse("placeholder");
  if (!plausible.test(text)) return refuse("invalid-characters");
  if (!/\p{N}/u.test(text)) return refuse("invalid-format");
  const number = canonicalNumber(text);
  if (number === undefined) return accept(text, "none", { code: "format-unknown" });
  if (isRepeatedDigit(number)) return refuse("placeholder");
  const kinds = licenseFormats.filter((kind) => (kind.country ?? country) === country);
  for (const kind of kinds) {
    const normalized = readAs(number, kind);
    if (normalized === undefined) continue;
    return accept(normalized, kind.check ? "check-digit" : "format", { scheme: kind.scheme });
  }
  const claimed = kinds.find(({ claim }) => claim?.test(number));
  if (!claimed) return accept(text, "none", { code: "format-unknown" });
  const isShaped = claimed.pattern.test(number);
  return refuse(isShaped ? "invalid-check-digit" : "invalid-format", claimed.scheme);
}

/** The normalised number, if its shape and its check digit are those of the kind. */
function readAs(number: string, { pattern, check }: LicenseFormat): string | undefined {
  const groups = pattern.exec(number)?.slice(1);
  return groups && (check?.(number) ?? true) ? groups.join("-") : undefined;
}
