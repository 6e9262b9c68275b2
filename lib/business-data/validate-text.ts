import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { imitates } from "./script-mixture.ts";

/** Controls, format characters that turn text around or hide it, private use, unassigned. */
const neverInText = /[\p{Cc}\p{Co}\p{Cn}\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/u;
const placeholders = new Set(
  "n/a na none null undefined nil unknown test testing asdf qwerty xxx tbd todo - -- . ? example dummy foo bar".split(
    " ",
  ),
);

/** One spelling: NFC, one space between words, none around. */
export const canonicalText = (value: string): string =>
  value.normalize("NFC").replace(/\s+/gu, " ").trim();

/** Line breaks and tabs are white space here; every other control character is refused. */
const isRefusedText = (value: string): boolean =>
  neverInText.test(value.replace(/[\t\r\n\u00A0]/g, " "));

/**
 * A name of a company, a product line, a person or a place: holds a letter or a digit, is no filler.
 * Names have no format to prove, so the evidence is `format` for plausibility and never more.
 */
export function validateName(value: string): FieldVerdict {
  if (isRefusedText(value)) return refuse("invalid-characters");
  const name = canonicalText(value);
  if (name === "") return refuse("empty");
  if (placeholders.has(name.toLowerCase())) return refuse("placeholder");
  if (!/[\p{L}\p{N}]/u.test(name) || /[<>{}\\^`|]/.test(name)) return refuse("invalid-characters");
  if (/^(.)\1{2,}$/u.test(name)) return refuse("placeholder");
  return accept(name, "format", imitates(name) ? { code: "lookalike" } : {});
}

/** A postal address as one text or one of its lines: as a name, lines joined by a comma. */
export function validateAddressText(value: string): FieldVerdict {
  return validateName(
    value
      .split(/\r\n|\r|\n/)
      .map((line) => line.replace(/[\s,]+$/u, "").trim())
      .filter((line) => line !== "")
      .join(", "),
  );
}
