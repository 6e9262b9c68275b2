const separators = /[\s.,/()\-\u2010-\u2015\u2212]/gu;

/**
 * One spelling for numbers people type with spaces, hyphens and full-width digits: NFKC, upper case,
 * without separators. `undefined` where anything but Latin letters, digits, `&` and `Ñ` is left: the
 * last two occur in Mexican tax numbers.
 */
export function canonicalNumber(value: string): string | undefined {
  const compact = value.normalize("NFKC").toUpperCase().replace(separators, "");
  return /^[A-Z0-9&Ñ]+$/u.test(compact) ? compact : undefined;
}

/** One character over and over, as in 000000000: filler, whatever its check digit says. */
export const isRepeatedDigit = (number: string): boolean => /^(\d)\1{3,}$/.test(number);
