import { Class, classOf } from "./character-class.ts";
import type { Escape } from "./decode-escape.ts";
import { backslashEscape, entityEscape, percentEscape } from "./decode-escape.ts";
import { DROPPED, foldCharacter } from "./fold-character.ts";
import { capacityFor } from "./grow-buffers.ts";

/** Layers of encoding undone at most: enough for triple encoding inside entities, still linear. */
const ROUNDS_MAX = 5;
/** No escape that `decode-escape.ts` reads is longer. */
const ESCAPE_LENGTH_MAX = 24;

/** What canonicalisation met on its way, as bits of `marks`. */
export const Mark = {
  percent: 1,
  entity: 2,
  backslash: 4,
  invisible: 8,
  lookAlike: 16,
  needless: 32,
} as const;

/** Units of 0 behind every text: looking ahead must never meet what an earlier text left there. */
const TAIL = 32;

/**
 * A text as the interpreters behind it would finally read it. `origins[i]` is the index in the
 * original of the unit that became `codes[i]`; `origins[length]` is the length of the original.
 */
export type CanonicalText = {
  codes: Uint16Array;
  origins: Uint32Array;
  length: number;
  layers: number;
  marks: number;
};

/** An empty text whose buffers `canonicalise` fills and grows. */
export function createCanonicalText(): CanonicalText {
  return {
    codes: new Uint16Array(1024),
    origins: new Uint32Array(1024),
    length: 0,
    layers: 0,
    marks: 0,
  };
}

const isEscapeStart = (code: number) => code === 0x25 || code === 0x26 || code === 0x5c;

/** False for signs of prose: `&` and `%` before a space or the end. */
function mayEscape(source: string, at: number): boolean {
  const next = at + 1 < source.length ? source.charCodeAt(at + 1) : 0x20;
  return next !== 0x20 || source.charCodeAt(at) === 0x5c;
}

function endText(text: CanonicalText, length: number): void {
  text.length = length;
  for (let i = length; i < length + TAIL; i++) text.codes[i] = 0;
}

/** Folds every character of `source` into `text`; true when an escape may be inside. */
function foldInto(text: CanonicalText, source: string): boolean {
  const { codes, origins } = text;
  let triggers = false;
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let code = source.charCodeAt(i);
    const origin = i;
    if (code < 0x80 && code >= 0x20) {
      if (code >= 0x41 && code <= 0x5a) code += 32;
      else if (isEscapeStart(code) && !triggers) triggers = mayEscape(source, i);
    } else {
      const point = code >= 0xd800 ? (source.codePointAt(i) as number) : code;
      const folded = foldCharacter(point);
      if (folded !== point) text.marks |= folded === DROPPED ? Mark.invisible : Mark.lookAlike;
      if (folded === DROPPED) continue;
      if (point > 0xffff && folded !== point) i++;
      code = folded > 0xffff ? code : folded;
    }
    codes[length] = code;
    origins[length++] = origin;
  }
  endText(text, length);
  return triggers;
}

function escapeAt(text: CanonicalText, at: number, code: number): Escape | undefined {
  const { codes, length } = text;
  if (code === 0x25) return percentEscape(codes, at, length);
  if (code === 0x26) return entityEscape(codes, at, length);
  return code === 0x5c ? backslashEscape(codes, at, length) : undefined;
}

/** Letters, digits and the full stop: no form, address or document has a reason to escape them. */
function needsNoEscape(code: number): boolean {
  const kind = code < 128 ? classOf(code) : Class.symbol;
  return code === 0x2e || kind === Class.letter || kind === Class.digit;
}

/** What an escape of `size` units says about the text. */
function noteEscape(text: CanonicalText, start: number, { code, size }: Escape): boolean {
  // Escaped quotes and slashes are what any JSON string has; only real encodings count as a layer.
  if (start === 0x5c && size === 2) return false;
  if (needsNoEscape(code)) text.marks |= Mark.needless;
  text.marks |= start === 0x25 ? Mark.percent : start === 0x26 ? Mark.entity : Mark.backslash;
  return true;
}

/**
 * One decoding pass from `from` on, in place: an escape is never shorter than what it stands for.
 * Returns where the next pass must start, -1 when there is nothing left: only a decoded character,
 * or a sign shortly before one, can start an escape that was none before.
 */
function decodeOnce(text: CanonicalText, from: number): number {
  const { codes, origins, length } = text;
  let next = -1;
  let lastStart = from - 1 - ESCAPE_LENGTH_MAX;
  let isLayer = false;
  let write = from;
  for (let read = from; read < length; ) {
    const code = codes[read] as number;
    const isStart = isEscapeStart(code);
    const found = isStart ? escapeAt(text, read, code) : undefined;
    if (found === undefined) {
      if (isStart) lastStart = write;
      if (write !== read) {
        codes[write] = code;
        origins[write] = origins[read] as number;
      }
      write++;
      read++;
      continue;
    }
    if (noteEscape(text, code, found)) isLayer = true;
    const folded = foldCharacter(found.code);
    if (isEscapeStart(folded)) lastStart = write;
    if (next < 0 && write - lastStart <= ESCAPE_LENGTH_MAX) next = lastStart;
    if (folded === DROPPED) text.marks |= Mark.invisible;
    else {
      codes[write] = folded > 0xffff ? 0xfffd : folded;
      origins[write++] = origins[read] as number;
    }
    read += found.size;
  }
  endText(text, write);
  if (isLayer) text.layers++;
  return next;
}

/** In a form-encoded value `+` is a space: true when the text shows it is one (RFC 1866 8.2.1). */
function isFormEncoded(source: string): boolean {
  const first = source.indexOf("+");
  if (first < 0 || source.includes(" ")) return false;
  return source.includes("%") || source.indexOf("+", first + 1) > 0;
}

/**
 * Undoes, in at most five linear rounds, percent, `%u`, entity, `\u`, `\x`, octal and JSON escapes
 * in any mix, folds look-alikes and drops invisible characters. Writes into `text`.
 */
export function canonicalise(source: string, text: CanonicalText): void {
  const needed = source.length + TAIL;
  if (text.codes.length < needed) {
    text.codes = new Uint16Array(capacityFor(needed));
    text.origins = new Uint32Array(capacityFor(needed));
  }
  text.layers = 0;
  text.marks = 0;
  const hasTriggers = foldInto(text, source);
  if (isFormEncoded(source)) {
    for (let i = 0; i < text.length; i++) if (text.codes[i] === 0x2b) text.codes[i] = 0x20;
  }
  let from = hasTriggers ? 0 : -1;
  for (let round = 0; round < ROUNDS_MAX && from >= 0; round++) from = decodeOnce(text, from);
  text.origins[text.length] = source.length;
}
