/** Text found under base64 or hexadecimal, and where it stood: `unitsPerCharacter` maps back. */
export type EncodedText = { text: string; start: number; end: number; unitsPerCharacter: number };

/** Shorter runs cannot hold a payload; longer ones are cut, so that one field costs a bounded time. */
const RUN_LENGTH_MIN = 10;
/** A field that is nothing but one run may be shorter: `fGlk` is `|id`, `YGlkYA==` is an id in backticks. */
const WHOLE_LENGTH_MIN = 3;
const RUN_LENGTH_MAX = 65_536;
const RUN_LENGTH_WHOLE_MAX = 16;
const PROBE_LENGTH = 8;
const FOUND_MAX = 8;

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE64 = 1;
const HEXADECIMAL = 2;
const alphabet = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9+/_-]/.test(character)) alphabet[code] = BASE64;
  if (/[0-9A-Fa-f]/.test(character)) alphabet[code] = BASE64 | HEXADECIMAL;
}

/** Values of the digits of base64, both alphabets, and of hexadecimal. */
const sextets = new Uint8Array(128);
for (const [value, digit] of [...`${UPPER}${UPPER.toLowerCase()}0123456789+/`].entries()) {
  sextets[digit.charCodeAt(0)] = value;
}
sextets["-".charCodeAt(0)] = 62;
sextets["_".charCodeAt(0)] = 63;

const isTextByte = (byte: number) =>
  byte <= 0x7e && (byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);

/** The first six bytes of the run at `start`, without decoding it: most words are ruled out here. */
function startsLikeBase64(source: string, start: number): boolean {
  for (let i = start; i < start + PROBE_LENGTH; i += 4) {
    const a = sextets[source.charCodeAt(i)] as number;
    const b = sextets[source.charCodeAt(i + 1)] as number;
    if (!isTextByte((a << 2) | (b >> 4))) return false;
    const c = sextets[source.charCodeAt(i + 2)] as number;
    if (!isTextByte(((b & 15) << 4) | (c >> 2))) return false;
    const d = sextets[source.charCodeAt(i + 3)] as number;
    if (!isTextByte(((c & 3) << 6) | d)) return false;
  }
  return true;
}

function isText(decoded: Buffer): boolean {
  return decoded.length > 0 && decoded.every(isTextByte);
}

function decode(run: string, encoding: "base64" | "hex"): string | undefined {
  const whole = Buffer.from(run, encoding);
  // A cut multi-byte sequence or a stray last unit must not hide the rest.
  return isText(whole.subarray(0, whole.length > PROBE_LENGTH ? -2 : undefined))
    ? whole.toString("latin1")
    : undefined;
}

function hasWordAndSign(text: string): boolean {
  return /[A-Za-z0-9]/.test(text) && /[^A-Za-z0-9]/.test(text);
}

/** True when `source` is one run of base64, padding included. */
function isOneRun(source: string): boolean {
  const { length } = source;
  return (
    length % 4 === 0 && length <= RUN_LENGTH_WHOLE_MAX && /^[A-Za-z0-9+/]+={0,2}$/.test(source)
  );
}

function alphabetAt(source: string, at: number): number {
  const code = source.charCodeAt(at);
  return code < 128 ? (alphabet[code] as number) : 0;
}

/** The last place from `start` to before `end` that belongs to no run, `start - 1` when all do. */
function lastSignBefore(source: string, start: number, end: number): number {
  let i = end - 1;
  while (i >= start && alphabetAt(source, i) !== 0) i--;
  return i;
}

/** Where the run at `start` ends and whether it could be hexadecimal. */
function readRun(source: string, start: number): { end: number; isHex: boolean } {
  let shared = BASE64 | HEXADECIMAL;
  let end = start;
  for (; end < source.length && alphabetAt(source, end) !== 0; end++) {
    shared &= alphabetAt(source, end);
  }
  return { end, isHex: (shared & HEXADECIMAL) !== 0 };
}

function decodeRun(run: string, start: number, isHex: boolean): EncodedText | undefined {
  const cut = run.slice(0, RUN_LENGTH_MAX);
  const hexText = isHex && cut.length % 2 === 0 ? decode(cut, "hex") : undefined;
  const text = hexText ?? decode(cut, "base64");
  if (text === undefined || !hasWordAndSign(text)) return undefined;
  const unitsPerCharacter = hexText === undefined ? 4 / 3 : 2;
  return { text, start, end: start + run.length, unitsPerCharacter };
}

/**
 * Runs of base64 (RFC 4648 sections 4 and 5) or hexadecimal in `source` that decode to readable
 * text. Ordinary words and part numbers decode to bytes that are no text and are passed over.
 */
export function findEncodedText(source: string): EncodedText[] {
  const found: EncodedText[] = [];
  const lengthMin = isOneRun(source) ? WHOLE_LENGTH_MIN : RUN_LENGTH_MIN;
  for (let start = 0; start + lengthMin <= source.length; ) {
    // Looked at from its last place: a sign there rules out every run that would reach over it.
    const sign = lastSignBefore(source, start, start + lengthMin);
    if (sign >= start) {
      start = sign + 1;
      continue;
    }
    const { end, isHex } = readRun(source, start);
    if (isHex || end - start < PROBE_LENGTH || startsLikeBase64(source, start)) {
      const encoded = decodeRun(source.slice(start, end), start, isHex);
      if (encoded !== undefined) found.push(encoded);
      if (found.length === FOUND_MAX) return found;
    }
    start = end + 1;
  }
  return found;
}
