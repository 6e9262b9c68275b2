import { Class, classOf } from "./character-class.ts";
import { HASH_START, hashStep, hashWord, lookUpWord } from "./lexicon.ts";
import { isEscapedNewline } from "./read-disguised-word.ts";
import type { KindName } from "./token-kinds.ts";
import { Kind, Trait } from "./token-kinds.ts";
import type { TokenWriter } from "./token-writer.ts";

/** Comments no longer than this between words are white space to SQL; longer ones are looked into. */
const COMMENT_LENGTH_MAX = 32;
const WORD_LENGTH_MAX = 24;

const ENTITY = hashWord("entity");
const XML = hashWord("xml");

const SINGLE: Readonly<Record<string, KindName>> = {
  ";": "semicolon",
  ":": "colon",
  ",": "comma",
  ".": "dot",
  "(": "parenOpen",
  ")": "parenClose",
  "[": "bracketOpen",
  "]": "bracketClose",
  "{": "braceOpen",
  "}": "braceClose",
  "<": "less",
  ">": "greater",
  "=": "assign",
  "+": "plus",
  "-": "minus",
  "*": "star",
  "/": "slash",
  "%": "percent",
  "&": "and",
  "|": "pipe",
  "!": "bang",
  "?": "question",
  "@": "at",
  "#": "hash",
  $: "dollar",
  "\\": "backslash",
  "^": "caret",
  "~": "tilde",
  "`": "backtick",
};
const DOUBLE: Readonly<Record<string, KindName>> = {
  "==": "equality",
  "!=": "compare",
  "<>": "compare",
  "<=": "compare",
  ">=": "compare",
  "=~": "compare",
  "^=": "compare",
  "=>": "arrow",
  "<<": "shift",
  ">>": "shift",
  "&&": "andAnd",
  "||": "pipePipe",
  "{{": "doubleBraceOpen",
  "{%": "blockOpen",
  "%}": "blockClose",
  "<%": "pageOpen",
  "%>": "pageClose",
  "<?": "phpOpen",
  "?>": "pageClose",
  "${": "dollarBrace",
  "#{": "hashBrace",
  "*{": "hashBrace",
  "$(": "dollarParen",
  "//": "slashes",
  "@@": "atAt",
  "*/": "commentClose",
};

const singleKinds = new Uint8Array(128);
for (const [character, name] of Object.entries(SINGLE)) {
  singleKinds[character.charCodeAt(0)] = Kind[name];
}
const doubleKinds = new Uint8Array(128 * 128);
for (const [pair, name] of Object.entries(DOUBLE)) {
  doubleKinds[pair.charCodeAt(0) * 128 + pair.charCodeAt(1)] = Kind[name];
}

/** Reads the punctuation at `at` and returns where it ends. */
export function readSymbol(writer: TokenWriter, at: number, code: number): number {
  const { codes, length } = writer;
  const next = at + 1 < length ? (codes[at + 1] as number) : 0;
  if (code === 0x27 || code === 0x22) return readQuote(writer, at, code, next);
  if (code === 0x3c) {
    const end = readTag(writer, at, next);
    if (end > at) return end;
  }
  if (code === 0x2f && next === 0x2a) return readComment(writer, at);
  if (code === 0x2d && next === 0x2d) return readDashes(writer, at);
  if (code === 0x2e && next === 0x2e) {
    const third = codes[at + 2] as number;
    if (third === 0x2f || third === 0x5c) return one(writer, Kind.parentPath, at, 3);
  }
  if (code === 0x3e) writer.isInTag = false;
  if (code === 0x5c && isEscapedNewline(writer.codes, at, length, writer.lastKind))
    return one(writer, Kind.newline, at, 2);
  if (code === 0x7d && next === 0x7d && writer.isInTemplate) {
    writer.isInTemplate = false;
    return one(writer, Kind.doubleBraceClose, at, 2);
  }
  const pair = next < 128 ? (doubleKinds[code * 128 + next] as number) : 0;
  if (pair === 0) return one(writer, (singleKinds[code] as number) || Kind.other, at, 1);
  if (pair === Kind.doubleBraceOpen) writer.isInTemplate = true;
  if (pair === Kind.pageClose) writer.isInTag = false;
  const isTriple = (pair === Kind.equality || pair === Kind.compare) && codes[at + 2] === 0x3d;
  return one(writer, pair, at, isTriple ? 3 : 2);
}

function one(writer: TokenWriter, kind: number, at: number, size: number): number {
  const end = Math.min(at + size, writer.length);
  writer.push(kind, 0, kind, at, end);
  return end;
}

/** The apostrophe of a plural or clipped word before an ordinary word: Girls' Night, Rockin' Fun. */
function isPossessive(writer: TokenWriter, at: number): boolean {
  const { codes, length } = writer;
  if (at === 0 || classOf(codes[at - 1] as number) !== Class.letter || codes[at + 1] !== 0x20)
    return false;
  let hash = HASH_START;
  let i = at + 2;
  for (
    ;
    i < length && i - at < WORD_LENGTH_MAX && classOf(codes[i] as number) === Class.letter;
    i++
  ) {
    hash = hashStep(hash, codes[i] as number);
  }
  const entry = lookUpWord(hash);
  return i > at + 2 && (entry >> 16 <= Kind.url || (entry & Trait.stop) !== 0);
}

function readQuote(writer: TokenWriter, at: number, code: number, next: number): number {
  const { codes } = writer;
  if (writer.attributeQuote === code && writer.isInTag) {
    writer.attributeQuote = 0;
    return one(writer, Kind.attributeQuote, at, 1);
  }
  if (writer.isInTag && writer.lastKind === Kind.assign && writer.attributeQuote === 0) {
    writer.attributeQuote = code;
    return one(writer, Kind.attributeQuote, at, 1);
  }
  if (next === code && codes[at + 2] !== code) return one(writer, Kind.emptyString, at, 2);
  if (code === 0x27 && isPossessive(writer, at)) return at + 1;
  const before = at > 0 ? classOf(codes[at - 1] as number) : Class.space;
  const after = classOf(next);
  const isDouble = code === 0x22;
  let kind: number = isDouble ? Kind.doubleOther : Kind.singleOther;
  if (before === Class.digit) kind = isDouble ? Kind.doubleAfterDigit : Kind.singleAfterDigit;
  else if (before === Class.letter) kind = isDouble ? Kind.doubleClose : Kind.singleClose;
  else if (after === Class.letter || after === Class.digit) {
    kind = isDouble ? Kind.doubleOpen : Kind.singleOpen;
  }
  return one(writer, kind, at, 1);
}

/** Hash of the word at `at`, without consuming it. */
function hashFrom(codes: Uint16Array, at: number, length: number): number {
  let hash = HASH_START;
  const stop = Math.min(length, at + WORD_LENGTH_MAX);
  for (let i = at; i < stop && classOf(codes[i] as number) === Class.letter; i++) {
    hash = hashStep(hash, codes[i] as number);
  }
  return hash;
}

/** Returns `at` when no tag starts here; an XML declaration is an ordinary one. */
function readTag(writer: TokenWriter, at: number, next: number): number {
  const { codes, length } = writer;
  if (next === 0x21) {
    if (hashFrom(codes, at + 2, length) === ENTITY) return one(writer, Kind.entityOpen, at, 8);
    const isComment = codes[at + 2] === 0x2d && codes[at + 3] === 0x2d;
    return one(writer, Kind.markupComment, at, isComment ? 4 : 2);
  }
  if (next === 0x3f && hashFrom(codes, at + 2, length) === XML) {
    const end = one(writer, Kind.tagPlain, at, 5);
    writer.isInTag = true;
    writer.attributeQuote = 0;
    return end;
  }
  const isClosing = next === 0x2f;
  const nameAt = at + (isClosing ? 2 : 1);
  // `cat</etc/passwd` reads a file, it closes no tag.
  if (isClosing && writer.lastKind >= Kind.command && writer.lastKind <= Kind.weakCommand)
    return at;
  if (nameAt >= length || classOf(codes[nameAt] as number) !== Class.letter) return at;
  let hash = HASH_START;
  let i = nameAt;
  for (; i < length; i++) {
    const kind = classOf(codes[i] as number);
    if (kind !== Class.letter && kind !== Class.digit) break;
    hash = hashStep(hash, codes[i] as number);
  }
  const traits = lookUpWord(hash);
  // `</dev/tcp/` reads a path too, whatever stands before it.
  if (isClosing && codes[i] === 0x2f && traits >> 16 === Kind.sensitivePath) return at;
  const isActive = (traits & Trait.activeTag) !== 0;
  const isPlain = (traits & Trait.plainTag) !== 0;
  writer.isInTag = true;
  writer.attributeQuote = 0;
  const opened = isActive ? Kind.tagActive : isPlain ? Kind.tagPlain : Kind.tagUnknown;
  const closed = isActive ? Kind.closeActive : Kind.closePlain;
  writer.push(isClosing ? closed : opened, 0, hash, at, i);
  return i;
}

function readComment(writer: TokenWriter, at: number): number {
  const { codes, length } = writer;
  let i = at + 2;
  if (codes[i] === 0x21) {
    for (i++; i < length && classOf(codes[i] as number) === Class.digit; ) i++;
    writer.noteComment();
    return i;
  }
  const stop = Math.min(length - 1, i + COMMENT_LENGTH_MAX);
  for (; i < stop; i++) {
    if (codes[i] === 0x2a && codes[i + 1] === 0x2f) {
      writer.noteComment();
      return i + 2;
    }
  }
  return one(writer, isGlob(codes, at) ? Kind.star : Kind.commentOpen, at, 2);
}

/** `src/*` and `@scope/*`: a pattern of file names, not a comment. */
function isGlob(codes: Uint16Array, at: number): boolean {
  const before = at === 0 ? 0 : (codes[at - 1] as number);
  return classOf(before) === Class.letter || before === 0x40 || before === 0x2a || before === 0x2e;
}

function readDashes(writer: TokenWriter, at: number): number {
  const { codes, length } = writer;
  let i = at;
  while (i < length && codes[i] === 0x2d) i++;
  if (codes[i] === 0x3e && i < length) {
    writer.push(Kind.markupComment, 0, 0, at, i + 1);
    writer.isInTag = false;
    return i + 1;
  }
  writer.push(i - at > 3 ? Kind.other : Kind.dashes, 0, 0, at, i);
  return i;
}
