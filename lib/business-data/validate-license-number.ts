import { canonicalNumber, isRepeatedDigit } from "./canonical-number.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { licenseFormats } from "./license-formats.ts";

/** What any licence may consist of: letters of every script, digits, and the marks that part them. */
const plausible = /^(?=.*[\p{N}])[\p{L}\p{M}\p{N} .,:;#&+/()_\-\u2010-\u2015]{2,64}$/u;

/**
 * A licence number of a manufacturer. Where it claims to be of a kind with a public pattern it must fit
 * that pattern. All others are `format-unknown`: accepted, for want of a rule and not because of one.
 */
export function validateLicenseNumber(value: string, country: string | undefined): FieldVerdict {
  const text = value.normalize("NFKC").replace(/\s+/gu, " ").trim();
  if (!plausible.test(text)) return refuse("invalid-characters");
  const number = canonicalNumber(text);
  if (number === undefined) return accept(text, "none", { code: "format-unknown" });
  if (isRepeatedDigit(number)) return refuse("placeholder");
  const format = licenseFormats.find(
    (kind) => (kind.country ?? country) === country && kind.claim.test(number),
  );
  if (!format) return accept(text, "none", { code: "format-unknown" });
  const { scheme, pattern, check } = format;
  const groups = pattern.exec(number)?.slice(1);
  if (!groups) return refuse("invalid-format", scheme);
  if (check && !check(number)) return refuse("invalid-check-digit", scheme);
  return accept(groups.join("-"), check ? "check-digit" : "format", { scheme });
}
