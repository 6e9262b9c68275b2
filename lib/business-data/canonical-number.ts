/** Zeros of the scripts whose digits people type: Arabic, Persian, Devanagari, Bengali, Thai. */
const foreignZeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];

/** Cyrillic and Greek capitals, and the Latin ones they are typed for. */
const foreignLetters = "АВЕКМНОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
const latinTwins = "ABEKMHOPCTXABEZHIKMNOPTYX";

/** Digits of any of these scripts as ASCII digits. */
export const withPlainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = foreignZeros.find((start) => code >= start && code < start + 10);
    return zero === undefined ? digit : String(code - zero);
  });

const separators = /[\s.,:/()\-\u2010-\u2015\u2212]/gu;

const withLatinLetters = (text: string): string =>
  text.replace(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => {
    const at = foreignLetters.indexOf(letter);
    return at < 0 ? letter : latinTwins.charAt(at);
  });

/**
 * One spelling for numbers people type with spaces, hyphens, full-width or foreign digits and letters
 * of another keyboard: NFKC, upper case, without separators. `undefined` where anything but Latin
 * letters, digits, `&` and `Ñ` is left: the last two occur in Mexican tax numbers.
 */
export function canonicalNumber(value: string): string | undefined {
  const written = withPlainDigits(value.normalize("NFKC").toUpperCase());
  const compact = withLatinLetters(written).replace(separators, "");
  return /^[A-Z0-9&Ñ]+$/u.test(compact) ? compact : undefined;
}

/** One character over and over, as in 000000000: filler, whatever its check digit says. */
export const isRepeatedDigit = (number: string): boolean => /^(\d)\1{3,}$/.test(number);
