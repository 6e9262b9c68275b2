/** One way to hide a payload: what a filter must see through. */
export type Evasion = { name: string; apply: (payload: string) => string };

const bytes = (text: string) => [...Buffer.from(text, "utf8")];
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const isLetter = (c: string) => /[A-Za-z]/.test(c);
const each = (text: string, change: (c: string) => string) => [...text].map(change).join("");
const percentAll = (text: string) =>
  bytes(text)
    .map((b) => `%${hex(b, 2)}`)
    .join("");
const unit = (c: string) => c.charCodeAt(0);

const PROSE = "Heavy-duty coupling for pipes, forged and tested at the works before shipping. ";

/** The evasions of the evaluation, in the order of its table. */
export const EVASIONS: readonly Evasion[] = [
  { name: "identity", apply: (p) => p },
  { name: "URL", apply: (p) => encodeURIComponent(p) },
  { name: "URL, every byte", apply: percentAll },
  { name: "double URL", apply: (p) => encodeURIComponent(encodeURIComponent(p)) },
  {
    name: "triple URL",
    apply: (p) => encodeURIComponent(encodeURIComponent(encodeURIComponent(p))),
  },
  { name: "%uXXXX", apply: (p) => each(p, (c) => `%u${hex(unit(c), 4)}`) },
  { name: "JSON \\uXXXX", apply: (p) => each(p, (c) => `\\u${hex(unit(c), 4)}`) },
  {
    name: "\\xNN",
    apply: (p) =>
      bytes(p)
        .map((b) => `\\x${hex(b, 2)}`)
        .join(""),
  },
  { name: "decimal entities", apply: (p) => each(p, (c) => `&#${c.codePointAt(0)};`) },
  {
    name: "hex entities, zero-padded",
    apply: (p) => each(p, (c) => `&#x${hex(c.codePointAt(0) ?? 0, 6)}`),
  },
  {
    name: "full-width",
    apply: (p) =>
      each(p, (c) => (c > " " && c < "\u007f" ? String.fromCharCode(unit(c) + 0xfee0) : c)),
  },
  { name: "zero-width inserted", apply: (p) => each(p, (c) => (isLetter(c) ? `${c}\u200b` : c)) },
  { name: "NUL inserted", apply: (p) => each(p, (c) => (isLetter(c) ? `${c}\0` : c)) },
  { name: "no-break spaces", apply: (p) => p.replaceAll(" ", "\u00a0") },
  {
    name: "overlong UTF-8",
    apply: (p) =>
      each(p, (c) =>
        /[^A-Za-z0-9]/.test(c) && unit(c) < 128
          ? `%${hex(0xc0 | (unit(c) >> 6), 2)}%${hex(0x80 | (unit(c) & 63), 2)}`
          : c,
      ),
  },
  { name: "upper case", apply: (p) => p.toUpperCase() },
  {
    name: "mixed case",
    apply: (p) => [...p].map((c, i) => (i % 2 === 0 ? c.toUpperCase() : c.toLowerCase())).join(""),
  },
  { name: "tabs for spaces", apply: (p) => p.replaceAll(" ", "\t") },
  { name: "comments for spaces", apply: (p) => p.replaceAll(" ", "/**/") },
  { name: "plus for spaces", apply: (p) => p.replaceAll(" ", "+") },
  { name: "in a JSON string", apply: (p) => JSON.stringify({ q: p }) },
  { name: "base64", apply: (p) => Buffer.from(p, "utf8").toString("base64") },
  { name: "after prose", apply: (p) => PROSE + p },
  { name: "inside prose", apply: (p) => `${PROSE}${p} ${PROSE}` },
  { name: "after 2 KB of prose", apply: (p) => PROSE.repeat(26) + p },
  {
    name: "URL in entities",
    apply: (p) => each(encodeURIComponent(p), (c) => (c === "%" ? "&#37;" : c)),
  },
];
