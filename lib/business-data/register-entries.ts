/**
 * Entries of registers that lose their sense without separators or without the place: each is read as
 * it is written, in NFKC with single spaces, and answered in the one spelling to store, or `undefined`.
 */

/** Court, section, number and suffix of a German register: HRA, HRB, GnR, PR, VR, GsR (HRV section 3). */
const germanEntry =
  /^(?:(?:Amtsgericht|Registergericht|AG) )?(?:(\p{L}[\p{L} ./()-]{1,48}?)(?: ?, ?| ?: ?| ))?(HRA|HRB|GnR|GsR|PR|VR)(?:[ .:-]| ?Nr\.?)* ?(\d{1,6})(?: ?([A-Z]{1,3}))?$/iu;

/** Sections as the registers write them. */
const germanSections = ["HRA", "HRB", "GnR", "GsR", "PR", "VR"];

/** `Amtsgericht München, HRB 6684` becomes `München HRB 6684`: a number is unique only at its court. */
export function readGermanEntry(text: string): string | undefined {
  const [, court, section = "", number, suffix] = germanEntry.exec(text) ?? [];
  if (number === undefined) return undefined;
  const name = germanSections.find((known) => known.toUpperCase() === section.toUpperCase());
  return [court?.trim(), name, number, suffix?.toUpperCase()].filter(Boolean).join(" ");
}

/** The SIREN in what French law puts on letters: `552 081 317 R.C.S. Paris`, `RCS Nanterre B 552081317`. */
const frenchEntry =
  /^(?:(?:R\.?C\.?S\.?|SIREN)[ :]*(?:\p{L}[\p{L}' -]{1,48} )?)?(?:[A-D] )?((?:\d[ .-]?){8}\d)(?:[ ,]+R\.?C\.?S\.?(?: \p{L}[\p{L}' -]{1,48})?)?$/iu;

/** The nine digits of the SIREN. */
export const readFrenchEntry = (text: string): string | undefined =>
  frenchEntry.exec(text)?.[1]?.replace(/\D/g, "");

/** County, number and year of the Romanian trade register, until July 2024. */
const romanianEntry =
  /^([JFC]) ?\/? ?0?([1-9]|[1-3]\d|40|5[12]) ?[ /-] ?0*([1-9]\d{0,4}) ?[ /-] ?(?:\d\d\.\d\d\.)?(199\d|20[01]\d|202[0-4])$/;

/** Year, number, county (00 since July 2024) and a digit: the sum of all, modulo 10. */
const romanianNumber =
  /^[JFC](?:(?:199\d|20[01]\d|202[0-4])\d{6}(?:0[1-9]|[1-3]\d|40|5[12])|(?:202[4-9]|203\d)\d{6}00)\d$/;

/** `J23/1657/14.06.2012` becomes `J23/1657/2012`; the long form stands as it is. */
export function readRomanianEntry(text: string): string | undefined {
  const written = text.toUpperCase();
  const [, kind, county, number, year] = romanianEntry.exec(written) ?? [];
  if (kind !== undefined) return `${kind}${county}/${number}/${year}`;
  const compact = written.replaceAll(" ", "");
  if (!romanianNumber.test(compact)) return undefined;
  const digits = [String(compact.charCodeAt(0) % 10), ...compact.slice(1, -1)];
  const sum = digits.reduce((total, digit) => total + Number(digit), 0);
  return sum % 10 === Number(compact.at(-1)) ? compact : undefined;
}
