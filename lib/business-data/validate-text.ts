import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { imitates } from "./script-mixture.ts";

/** Controls, format characters that turn text around or hide it, private use, unassigned. */
const neverInText = /[\p{Cc}\p{Co}\p{Cn}\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/u;
/** What is typed where nothing is to be said. */
const fillers = new Set(
  "n/a na null undefined nil unknown asdf qwerty tbd todo - -- . ?".split(" "),
);

/** More of it: no names, though towns are called None (Piedmont) and Bar (Montenegro). */
const fillerNames = new Set("none test testing example dummy foo bar".split(" "));

/** One spelling: NFC, one space between words, none around. */
export const canonicalText = (value: string): string =>
  value.normalize("NFC").replace(/\s+/gu, " ").trim();

/** Line breaks and tabs are white space here; every other control character is refused. */
const isRefusedText = (value: string): boolean =>
  neverInText.test(value.replace(/[\t\r\n\u00A0]/g, " "));

/** A text of one line that holds a letter or a digit, and no filler. */
function validateLine(value: string): FieldVerdict {
  if (isRefusedText(value)) return refuse("invalid-characters");
  const line = canonicalText(value);
  if (line === "") return refuse("empty");
  if (fillers.has(line.toLowerCase()) || /^(.)\1{2,}$/u.test(line)) return refuse("placeholder");
  if (!/[\p{L}\p{N}]/u.test(line) || /[<>{}\\]/.test(line)) return refuse("invalid-characters");
  return accept(line, "format", imitates(line) ? { code: "lookalike" } : {});
}

/**
 * A name of a company, a product line or a person. Names have no format to prove, so the evidence is
 * `format` for plausibility and never more.
 */
export const validateName = (value: string): FieldVerdict =>
  fillerNames.has(canonicalText(value).toLowerCase()) ? refuse("placeholder") : validateLine(value);

/** A town, a state or a district: as a name, but some are called like a filler. */
export const validatePlace = validateLine;

/** A postal address as one text or one of its lines: as a place, lines joined by a comma. */
export function validateAddressText(value: string): FieldVerdict {
  return validateLine(
    value
      .split(/\r\n|\r|\n/)
      .map((line) => line.replace(/[\s,]+$/u, "").trim())
      .filter((line) => line !== "")
      .join(", "),
  );
}
