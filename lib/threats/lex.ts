import type { CanonicalText } from "./canonicalise.ts";
import { Class, classOf } from "./character-class.ts";
import { readSymbol } from "./lex-symbol.ts";
import { HASH_START, hashStep, hashWord, lookUpWord } from "./lexicon.ts";
import { isHexDigit, isOddHost, readUrl } from "./read-address.ts";
import {
  endOfQuotedPieces,
  endOfSplitScheme,
  hashLetters,
  isApostrophe,
  joinLength,
  SPLITTING,
  skipSpaces,
} from "./read-disguised-word.ts";
import { Kind, Trait } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";
import { TokenWriter } from "./token-writer.ts";

const NOT_HANDLERS = new Set(
  ["once", "only", "online", "onto", "ones", "onion", "onset", "onsite", "ongoing", "onhand"].map(
    hashWord,
  ),
);
/** Signs that old browsers read over between the name of a handler and `=`. */
const HANDLER_JUNK = new Set([..."!#$%&()*~+.,;?@[|^`"].map((sign) => sign.charCodeAt(0)));
const URL_SCHEMES = new Set(["http", "https", "ftp", "ftps", "mailto"].map(hashWord));
const WORD_HASH_LENGTH_MAX = 64;

/** Reads a scheme broken by spaces; `at` when none starts here. */
function readSplitScheme(writer: TokenWriter, at: number): number {
  const { codes, length } = writer;
  if (codes[at] !== 0x6a && codes[at] !== 0x76) return at;
  const end = endOfSplitScheme(codes, at, length);
  if (end > at) writer.push(Kind.scriptScheme, Trait.joined, HASH_START, at, end);
  return end;
}

/** Reads a command quoted in pieces, of which the first ends at `quote`; `at` when none starts here. */
function readQuotedPieces(writer: TokenWriter, at: number, quote: number): number {
  const { codes, length } = writer;
  if (classOf(codes[quote] as number) !== Class.quote) return at;
  const end = endOfQuotedPieces(codes, at, quote, length);
  const traits = Trait.joined | Trait.strongCommand;
  if (end > at) writer.push(Kind.command, traits, HASH_START, at, end);
  return end;
}

/** Reads a word starting at `at` and returns where it ends. */
function readWord(writer: TokenWriter, at: number): number {
  const { codes, length } = writer;
  const schemeEnd = readSplitScheme(writer, at);
  if (schemeEnd > at) return schemeEnd;
  // `1or1=1`: a keyword glued between digits ends where the next digit starts.
  const isGlued = at > 0 && classOf(codes[at - 1] as number) === Class.digit;
  let hash = HASH_START;
  let isPlain = true;
  let i = at;
  for (; i < length; i++) {
    const code = codes[i] as number;
    const kind = classOf(code);
    if (kind !== Class.letter || code === 0x5f) {
      if (kind !== Class.letter && (kind !== Class.digit || isGlued)) break;
      isPlain = false;
    }
    if (i - at < WORD_HASH_LENGTH_MAX) hash = hashStep(hash, code);
  }
  if (i === length || codes[i] === 0x20) {
    writeWord(writer, hash, 0, at, i, isPlain);
    return i;
  }
  const piecesEnd = readQuotedPieces(writer, at, i);
  if (piecesEnd > at) return piecesEnd;
  return readWordRest(writer, at, i, hash, isPlain);
}

/** Goes on behind the first letters and digits of a word, over what joins more of them to it. */
function readWordRest(
  writer: TokenWriter,
  at: number,
  from: number,
  hashSoFar: number,
  isPlain: boolean,
): number {
  const { codes, length } = writer;
  const isGlued = at > 0 && classOf(codes[at - 1] as number) === Class.digit;
  let hash = hashSoFar;
  let traits = 0;
  let isProse = false;
  let i = from;
  for (; i < length; ) {
    const code = codes[i] as number;
    const kind = classOf(code);
    if (kind === Class.letter || (kind === Class.digit && !isGlued)) {
      if (i - at < WORD_HASH_LENGTH_MAX) hash = hashStep(hash, code);
      i++;
    } else if (code === 0x27 && isApostrophe(codes, i, length, hash)) {
      isProse = true;
      i++;
    } else {
      const join = kind === Class.symbol || kind === Class.quote ? joinLength(codes, i, length) : 0;
      const isFolder = code === 0x5c && lookUpWord(hash) >> 16 === Kind.sensitivePath;
      if (join === 0 || isFolder) break;
      traits |= Trait.joined;
      i += join;
    }
  }
  if (isProse) writer.pushProse(Kind.word, traits, hash, at, i);
  else writeWord(writer, hash, traits, at, i, isPlain && i === from);
  return isUrlStart(writer, hash, i) ? extendUrl(writer, i) : i;
}

function isUrlStart(writer: TokenWriter, hash: number, at: number): boolean {
  const { codes } = writer;
  return codes[at] === 0x3a && at < writer.length && URL_SCHEMES.has(hash);
}

function extendUrl(writer: TokenWriter, at: number): number {
  const end = readUrl(writer.codes, at + 1, writer.length);
  const traits = isOddHost(writer.codes, at + 1, end) ? Trait.oddHost : 0;
  writer.replaceLast(Kind.url, traits, end);
  return end;
}

function isHandler(writer: TokenWriter, hash: number, start: number, end: number): boolean {
  const { codes, length } = writer;
  if (codes[start] !== 0x6f || codes[start + 1] !== 0x6e || end - start < 4) return false;
  const isAttribute = writer.isInTag && writer.attributeQuote === 0;
  if (isAttribute && end - start > 4 && HANDLER_JUNK.has(codes[end] as number)) return true;
  const next = skipSpaces(codes, end, length);
  if (next >= length || codes[next] !== 0x3d || codes[next + 1] === 0x3d) return false;
  return !NOT_HANDLERS.has(hash);
}

/** `isPlain`: the word is made of letters alone. */
function writeWord(
  writer: TokenWriter,
  hash: number,
  traits: number,
  start: number,
  end: number,
  isPlain: boolean,
): void {
  const entry = lookUpWord(hash);
  const all = traits | (entry & 0xffff);
  if (isHandler(writer, hash, start, end)) {
    writer.push(Kind.handler, all, hash, start, end);
  } else if (entry >> 16 > Kind.url && writer.keepsMeaning(entry >> 16, start, end)) {
    writer.pushMeaning(entry >> 16, all, hash, start, end);
  } else {
    writer.pushProse(isPlain ? Kind.word : Kind.identifier, all, hash, start, end);
  }
}

/** True when the separator at `at` joins two digits: 1/2, 6061-4, 10:30, 2.5, 1,000. */
function isInsideNumber(codes: Uint16Array, at: number, length: number): boolean {
  const code = codes[at] as number;
  const isDigitAt = (i: number) => i < length && classOf(codes[i] as number) === Class.digit;
  if (code === 0x2c) {
    return isDigitAt(at + 1) && isDigitAt(at + 2) && isDigitAt(at + 3) && !isDigitAt(at + 4);
  }
  if (code === 0x2d && codes[at + 1] === 0x2d) return isDigitAt(at + 2);
  return (code === 0x2e || code === 0x2f || code === 0x2d || code === 0x3a) && isDigitAt(at + 1);
}

/** True for the sign of a number: `-40 to +125`, but not `x-1` or `--1`. */
function isSign(codes: Uint16Array, at: number, length: number): boolean {
  const code = codes[at] as number;
  if ((code !== 0x2d && code !== 0x2b) || at + 1 >= length) return false;
  if (classOf(codes[at + 1] as number) !== Class.digit) return false;
  if (at === 0) return true;
  const before = codes[at - 1] as number;
  return classOf(before) === Class.space || before === 0x28 || before === 0x2f || before === 0x2c;
}

/** Reads a number whose digits start at `at`; `start` includes its sign. */
function readNumber(writer: TokenWriter, at: number, start: number): number {
  const { codes, length } = writer;
  let hash = HASH_START;
  let i = at;
  if (codes[at] === 0x30 && codes[at + 1] === 0x78 && at + 2 < length) {
    for (i = at + 2; i < length && isHexDigit(codes[i] as number); i++) {
      hash = hashStep(hash, codes[i] as number);
    }
    if (i - at > 4) {
      writer.push(Kind.hex, 0, hash, start, i);
      return i;
    }
    hash = HASH_START;
    i = at;
  }
  for (; i < length; ) {
    const kind = classOf(codes[i] as number);
    if (kind !== Class.digit && !isInsideNumber(codes, i, length)) break;
    hash = hashStep(hash, codes[i] as number);
    i += codes[i] === 0x2d && codes[i + 1] === 0x2d ? 2 : 1;
  }
  return readPart(writer, start, i, hash);
}

/** A number with letters glued to it (316L, M8x1.25, 5mm) is a part number unless SQL starts there. */
function readPart(writer: TokenWriter, start: number, at: number, hash: number): number {
  const { codes, length } = writer;
  let i = at;
  const isExponent = codes[i] === 0x65 && classOf(codes[i + 1] as number) === Class.digit;
  if (isExponent) for (i += 2; i < length && classOf(codes[i] as number) === Class.digit; ) i++;
  // A word after a vulgar fraction is a word of its own: 1½in, and US-ASCII brackets (¾alert).
  const isGlued =
    i < length && classOf(codes[i] as number) === Class.letter && (codes[i - 1] as number) < 0x80;
  if (!isGlued || SPLITTING.has(lookUpWord(hashLetters(codes, i, length)) >> 16)) {
    writer.pushProse(Kind.number, 0, hash, start, i);
    return i;
  }
  for (; i < length; i++) {
    const kind = classOf(codes[i] as number);
    if (kind !== Class.letter && kind !== Class.digit && !isInsideNumber(codes, i, length)) break;
  }
  writer.pushProse(Kind.part, 0, hash, start, i);
  return i;
}

/** Splits a canonical text into tokens in one pass; runs of prose become one token each. */
export function lex(text: CanonicalText, tokens: TokenList): void {
  const writer = new TokenWriter(text, tokens);
  const { codes, length } = text;
  for (let i = 0; i < length; ) {
    const code = codes[i] as number;
    const kind = classOf(code);
    if (kind === Class.space || kind === Class.skipped) {
      if (code === 0x0a || code === 0x0d) writer.noteNewline(i);
      i++;
    } else if (kind === Class.letter) i = readWord(writer, i);
    else if (kind === Class.digit) i = readNumber(writer, i, i);
    else if (isSign(codes, i, length)) i = readNumber(writer, i + 1, i);
    else if (code === 0x24 && classOf(codes[i + 1] as number) === Class.letter && i + 1 < length) {
      i = readDollarWord(writer, i);
    } else i = readSymbol(writer, i, code);
  }
  writer.finish();
}

function readDollarWord(writer: TokenWriter, at: number): number {
  const { codes, length } = writer;
  let hash = hashStep(HASH_START, 0x24);
  let i = at + 1;
  for (; i < length && classOf(codes[i] as number) === Class.letter; i++) {
    hash = hashStep(hash, codes[i] as number);
  }
  const kind = lookUpWord(hash) >> 16;
  if (kind === Kind.mongo || kind === Kind.superglobal) {
    writer.push(kind, 0, hash, at, i);
    return i;
  }
  writer.push(Kind.dollar, 0, 0, at, at + 1);
  return readWord(writer, at + 1);
}
