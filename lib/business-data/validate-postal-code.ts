import { withPlainDigits } from "./canonical-number.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse, refuseFor } from "./field-verdict.ts";
import { postalCodeMasks } from "./postal-code-masks.ts";

const isSeparator = (character: string): boolean => character === " " || character === "-";

/**
 * Lays a code without separators over a mask.
 *
 * @returns the code with the mask's separators, or `undefined` where it does not fit
 */
function layOver(mask: string, compact: string): string | undefined {
  let taken = 0;
  let written = "";
  for (const slot of mask) {
    if (isSeparator(slot)) {
      written += slot;
      continue;
    }
    const character = compact[taken++] ?? "";
    const fits =
      slot === "#"
        ? /^\d$/.test(character)
        : slot === "@"
          ? /^[A-Z]$/.test(character)
          : slot === "*"
            ? /^[A-Z0-9]$/.test(character)
            : slot === character;
    if (!fits) return undefined;
    written += character;
  }
  return taken === compact.length ? written : undefined;
}

/** Codes that fit a mask and are never issued: letters left out because they are misread, empty ranges. */
const restrictions: Record<string, RegExp> = {
  CA: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d$/,
  ES: /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/,
  GB: /^(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z0-9]? \d[ABD-HJLNP-UW-Z]{2}|GIR 0AA)$/,
  NL: /^[1-9]\d{3} (?!SA|SD|SS)[A-Z]{2}$/,
  CN: /^(?!9{6}|0{6})\d{6}$/,
  IN: /^[1-9]\d{2} \d{3}$/,
  US: /^(?!00000)\d{5}/,
};

/** What people write before a code: the sign of road vehicles, or the word for it. */
const forerunners: Record<string, readonly string[]> = {
  ...{ AT: ["A"], BE: ["B"], DE: ["D"], FR: ["F"], IT: ["I"], LU: ["L"], SE: ["S"] },
  ...{ AR: ["CP"], BR: ["CEP"], ES: ["E", "CP"], IN: ["PIN"], MX: ["CP"], OM: ["PC"] },
  ...{ PT: ["P"], SV: ["CP"], US: ["ZIP"] },
};

/** The code as it came, without what was written before it, and with the country that its shape begins with. */
function spellingsOf(compact: string, country: string): string[] {
  const rests = [country, ...(forerunners[country] ?? [])]
    .filter((forerunner) => compact.startsWith(forerunner))
    .map((forerunner) => compact.slice(forerunner.length));
  return [compact, ...rests, country + compact];
}

/**
 * Holds a postal code against the shapes of its country and writes it as that country does, whether or
 * not the country stands before it (`D-69126`, `LV1010`, `1010`).
 */
export function validatePostalCode(value: string, country: string | undefined): FieldVerdict {
  const compact = withPlainDigits(value.normalize("NFKC"))
    .toUpperCase()
    .replace(/^〒|[\s\-\u2010-\u2015]/gu, "");
  if (!/^[A-Z0-9]{1,12}$/.test(compact)) return refuse("invalid-characters");
  const masks = country === undefined ? undefined : postalCodeMasks.get(country);
  if (country === undefined || masks === undefined) {
    return accept(compact, "none", { code: "format-unknown" });
  }
  if (masks.length === 0) return accept(compact, "none", { code: "not-used" });
  for (const spelling of spellingsOf(compact, country)) {
    for (const mask of masks) {
      const written = layOver(mask, spelling);
      if (written !== undefined && (restrictions[country]?.test(written) ?? true)) {
        return accept(written, "format");
      }
    }
  }
  return refuseFor(masks);
}
