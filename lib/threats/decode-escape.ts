import { HASH_START, hashStep, hashWord } from "./lexicon.ts";

/** An escape read at some position: the code point it stands for and how many units it took. */
export type Escape = { code: number; size: number };

/** Reused so that decoding allocates nothing. */
const found: Escape = { code: 0, size: 0 };

/** Named character references by the hash of the name. */
const NAMED = new Map<number, number>(
  Object.entries({
    lt: "<",
    gt: ">",
    amp: "&",
    quot: '"',
    apos: "'",
    nbsp: " ",
    colon: ":",
    tab: "\t",
    newline: "\n",
    lpar: "(",
    rpar: ")",
    equals: "=",
    sol: "/",
    bsol: "\\",
    grave: "`",
    excl: "!",
    num: "#",
    dollar: "$",
    percnt: "%",
    ast: "*",
    plus: "+",
    comma: ",",
    period: ".",
    semi: ";",
    lsqb: "[",
    rsqb: "]",
    lcub: "{",
    rcub: "}",
    verbar: "|",
    vert: "|",
    lowbar: "_",
    commat: "@",
    quest: "?",
    hat: "^",
    lbrack: "[",
    rbrack: "]",
    lbrace: "{",
    rbrace: "}",
    zerowidthspace: "\u200b",
  }).map(([name, character]) => [hashWord(name), character.charCodeAt(0)]),
);
const NAMED_WITHOUT_SEMICOLON = new Set(["lt", "gt", "amp", "quot"].map(hashWord));
const NAME_LENGTH_MAX = 14;

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Value of exactly `digits` hex digits at `at`, or -1. */
function hexAt(codes: Uint16Array, at: number, end: number, digits: number): number {
  if (at + digits > end) return -1;
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = hexValue(codes[at + i] as number);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function percentByte(codes: Uint16Array, at: number, end: number): number {
  return codes[at] === 0x25 ? hexAt(codes, at + 1, end, 2) : -1;
}

/** `%XX` (UTF-8, overlong forms accepted as servers once did) and `%uXXXX`. RFC 3986 section 2.1. */
export function percentEscape(codes: Uint16Array, at: number, end: number): Escape | undefined {
  const next = (codes[at + 1] as number) | 0x20;
  if (at + 1 < end && next === 0x75) {
    const unit = hexAt(codes, at + 2, end, 4);
    if (unit < 0) return undefined;
    found.code = unit;
    found.size = 6;
    return found;
  }
  const lead = percentByte(codes, at, end);
  if (lead < 0) return undefined;
  found.code = lead;
  found.size = 3;
  const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  let code = more === 3 ? lead & 7 : more === 2 ? lead & 15 : lead & 31;
  for (let i = 1; i <= more; i++) {
    const byte = percentByte(codes, at + 3 * i, end);
    if (byte < 0x80 || byte > 0xbf) return found;
    code = code * 64 + (byte & 63);
  }
  if (more > 0 && code <= 0x10ffff) {
    found.code = code;
    found.size = 3 * (more + 1);
  }
  return found;
}

function numericEntity(codes: Uint16Array, at: number, end: number): Escape | undefined {
  const isHex = ((codes[at + 2] as number) | 0x20) === 0x78;
  const base = isHex ? 16 : 10;
  let i = at + (isHex ? 3 : 2);
  const first = i;
  let value = 0;
  for (; i < end && i - first < 12; i++) {
    const digit = hexValue(codes[i] as number);
    if (digit < 0 || digit >= base) break;
    value = Math.min(value * base + digit, 0x110000);
  }
  if (i === first || value > 0x10ffff) return undefined;
  found.code = value;
  found.size = i - at + (codes[i] === 0x3b && i < end ? 1 : 0);
  return found;
}

/** Character references of HTML, with or without `;`, numeric and the named ones attacks use. */
export function entityEscape(codes: Uint16Array, at: number, end: number): Escape | undefined {
  if (codes[at + 1] === 0x23) return numericEntity(codes, at, end);
  let name = HASH_START;
  let i = at + 1;
  for (; i < end && i - at <= NAME_LENGTH_MAX + 1; i++) {
    const lower = (codes[i] as number) | 0x20;
    if (lower < 0x61 || lower > 0x7a) break;
    name = hashStep(name, lower);
  }
  const code = NAMED.get(name);
  if (code === undefined) return undefined;
  const isClosed = i < end && codes[i] === 0x3b;
  if (!isClosed && !NAMED_WITHOUT_SEMICOLON.has(name)) return undefined;
  found.code = code;
  found.size = i - at + (isClosed ? 1 : 0);
  return found;
}

function bracedUnicode(codes: Uint16Array, at: number, end: number): Escape | undefined {
  let value = 0;
  let i = at + 3;
  for (; i < end && i - at < 12; i++) {
    const digit = hexValue(codes[i] as number);
    if (digit < 0) break;
    value = value * 16 + digit;
  }
  if (i === at + 3 || codes[i] !== 0x7d || value > 0x10ffff) return undefined;
  found.code = value;
  found.size = i + 1 - at;
  return found;
}

function octal(codes: Uint16Array, at: number, end: number): Escape | undefined {
  let value = 0;
  let i = at + 1;
  for (; i < end && i - at <= 3; i++) {
    const digit = (codes[i] as number) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  if (i - at < 3 || value < 0x20 || value > 0x7e) return undefined;
  found.code = value;
  found.size = i - at;
  return found;
}

/** `\uXXXX`, `\u{X}`, `\xXX`, octal, and the escaped quotes and slashes of JSON (RFC 8259 section 7). */
export function backslashEscape(codes: Uint16Array, at: number, end: number): Escape | undefined {
  if (at + 1 >= end) return undefined;
  const next = codes[at + 1] as number;
  if (next === 0x22 || next === 0x27 || next === 0x2f || next === 0x5c) {
    found.code = next;
    found.size = 2;
    return found;
  }
  if (next >= 0x30 && next <= 0x37) return octal(codes, at, end);
  if ((next | 0x20) !== 0x75 && (next | 0x20) !== 0x78) return undefined;
  if (codes[at + 2] === 0x7b) return bracedUnicode(codes, at, end);
  const digits = (next | 0x20) === 0x75 ? 4 : 2;
  const value = hexAt(codes, at + 2, end, digits);
  if (value < 0) return undefined;
  found.code = value;
  found.size = digits + 2;
  return found;
}
