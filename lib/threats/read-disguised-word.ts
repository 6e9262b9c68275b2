import { Class, classOf } from "./character-class.ts";
import { HASH_START, hashStep, lookUpWord } from "./lexicon.ts";
import { Kind, Trait } from "./token-kinds.ts";

/** Words that end a number glued to them: `1or1=1`, `1e0union`. */
export const SPLITTING = new Set<number>([
  Kind.logic,
  Kind.union,
  Kind.select,
  Kind.from,
  Kind.where,
  Kind.orderGroup,
  Kind.limit,
]);
const SPLIT_SPACES_MAX = 64;
const QUOTED_LENGTH_MAX = 24;
const QUOTED_PIECE_MAX = 6;

/** The first index from `at` on that is no white space. */
export function skipSpaces(codes: Uint16Array, at: number, length: number): number {
  let i = at;
  while (i < length && classOf(codes[i] as number) === Class.space) i++;
  return i;
}

/** Hash of the letters from `at` on, to look at the word that follows without consuming it. */
export function hashLetters(codes: Uint16Array, at: number, length: number): number {
  let hash = HASH_START;
  const stop = Math.min(length, at + 12);
  for (let i = at; i < stop && classOf(codes[i] as number) === Class.letter; i++) {
    hash = hashStep(hash, codes[i] as number);
  }
  return hash;
}

/** True when the apostrophe at `at`, between two letters, belongs to a name: O'Brien, men's. */
export function isApostrophe(
  codes: Uint16Array,
  at: number,
  length: number,
  word: number,
): boolean {
  if (classOf(codes[at - 1] as number) !== Class.letter) return false;
  if (at + 1 >= length || classOf(codes[at + 1] as number) !== Class.letter) return false;
  const before = lookUpWord(word);
  if (before >> 16 > Kind.url && (before & Trait.stop) === 0) return false;
  const isElision = at < 2 || classOf(codes[at - 2] as number) !== Class.letter;
  return isElision || !SPLITTING.has(lookUpWord(hashLetters(codes, at + 1, length)) >> 16);
}

/** Length of what shells and SQL drop inside a word (`c''at`, `c\at`, `c^md`, `c$()at`), 0 if nothing. */
export function joinLength(codes: Uint16Array, at: number, length: number): number {
  const code = codes[at] as number;
  const size = code === 0x5c || code === 0x5e ? 1 : 2;
  if (at + size >= length) return 0;
  const next = codes[at + 1] as number;
  if (code === 0x24 && next === 0x28) {
    const isJoined = codes[at + 2] === 0x29 && at + 3 < length;
    return isJoined && classOf(codes[at + 3] as number) === Class.letter ? 3 : 0;
  }
  if (classOf(codes[at + size] as number) !== Class.letter) return 0;
  // `id\n`: a newline written out ends the word.
  if (code === 0x5c && (next === 0x6e || next === 0x72) && at + 2 === length) return 0;
  if (size === 1) return 1;
  if ((code === 0x27 || code === 0x22) && next === code) return 2;
  return code === 0x24 && (next === 0x40 || next === 0x2a) ? 2 : 0;
}

/**
 * Where `w'h'o'am'i` ends: a command whose letters are quoted in pieces; `at` when none is here.
 * `quote` is where the first quote stands.
 */
export function endOfQuotedPieces(
  codes: Uint16Array,
  at: number,
  quote: number,
  length: number,
): number {
  if (quote - at > QUOTED_PIECE_MAX) return at;
  let hash = HASH_START;
  let quotes = 0;
  let i = at;
  const stop = Math.min(length, at + QUOTED_LENGTH_MAX);
  for (; i < stop; i++) {
    const kind = classOf(codes[i] as number);
    if (kind === Class.quote) quotes++;
    else if (kind !== Class.letter) break;
    else hash = hashStep(hash, codes[i] as number);
  }
  const isCommand = quotes > 1 && (lookUpWord(hash) & Trait.strongCommand) !== 0;
  return isCommand && quotes % 2 === 0 ? i : at;
}

/** Where a scheme broken by spaces ends, as browsers join it (URL Standard 4.4); `at` when none. */
export function endOfSplitScheme(codes: Uint16Array, at: number, length: number): number {
  const scheme = codes[at] === 0x6a ? "javascript" : "vbscript";
  let i = at;
  let spaces = 0;
  for (let matched = 0; matched < scheme.length; i++) {
    if (i >= length || spaces > SPLIT_SPACES_MAX) return at;
    const code = codes[i] as number;
    if (code === scheme.charCodeAt(matched)) matched++;
    else if (classOf(code) === Class.space) spaces++;
    else return at;
  }
  const end = skipSpaces(codes, i, Math.min(length, i + SPLIT_SPACES_MAX));
  return spaces > 0 && codes[end] === 0x3a && end < length ? end : at;
}

/** `\nid`, `\r/bin/ls`, `id\n`: a newline written out, beside a command. */
export function isEscapedNewline(
  codes: Uint16Array,
  at: number,
  length: number,
  lastKind: number,
): boolean {
  const next = codes[at + 1];
  if ((next !== 0x6e && next !== 0x72) || at + 1 >= length) return false;
  if (at + 2 === length) return lastKind >= Kind.interpreter && lastKind <= Kind.weakCommand;
  if (codes[at + 2] === 0x2f) return classOf(codes[at + 3] as number) === Class.letter;
  return (lookUpWord(hashLetters(codes, at + 2, length)) & Trait.strongCommand) !== 0;
}
