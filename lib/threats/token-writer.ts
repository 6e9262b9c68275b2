import type { CanonicalText } from "./canonicalise.ts";
import { Class, classOf } from "./character-class.ts";
import { HASH_START, hashStep, hashWord } from "./lexicon.ts";
import { Kind, Trait } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";
import { reserveTokens } from "./token-list.ts";

/** Separators that belong to prose when prose stands on both sides. */
const SOFT = new Set<number>([
  Kind.comma,
  Kind.dot,
  Kind.minus,
  Kind.slash,
  Kind.colon,
  Kind.and,
  Kind.percent,
]);
/** After these, a word that is also English is meant as a shell command. */
const COMMAND_POSITION = new Set<number>([
  Kind.semicolon,
  Kind.pipe,
  Kind.pipePipe,
  Kind.and,
  Kind.andAnd,
  Kind.backtick,
  Kind.newline,
  Kind.dollarParen,
  Kind.interpreter,
  Kind.command,
  Kind.weakCommand,
]);
const SWITCH_DISTANCE_MAX = 64;
const NET_VERBS = new Set(
  ["user", "users", "localgroup", "group", "view", "share", "accounts", "use", "start"].map(
    hashWord,
  ),
);
const ENGLISH = new Set<number>([Kind.codeWord, Kind.weakCommand]);

const isProse = (kind: number) =>
  kind >= Kind.word && kind <= Kind.url && kind !== Kind.hex && kind !== Kind.end;

/** Appends tokens, folding prose as it goes, and keeps the little context the lexer needs. */
export class TokenWriter {
  readonly codes: Uint16Array;
  readonly length: number;
  readonly tokens: TokenList;
  isInTag = false;
  attributeQuote = 0;
  isInTemplate = false;
  private hasNewline = false;
  private newlineAt = 0;
  private isAfterComment = false;

  constructor(text: CanonicalText, tokens: TokenList) {
    this.codes = text.codes;
    this.length = text.length;
    this.tokens = tokens;
    reserveTokens(tokens, text.length * 2);
    tokens.count = 0;
  }

  get lastKind(): number {
    const { kinds, count } = this.tokens;
    return count === 0 ? Kind.end : (kinds[count - 1] as number);
  }

  noteNewline(at: number): void {
    this.hasNewline = true;
    this.newlineAt = at;
  }

  noteComment(): void {
    this.isAfterComment = true;
  }

  push(kind: number, traits: number, hash: number, start: number, end: number): void {
    const { kinds, traits: allTraits, hashes, starts, ends } = this.tokens;
    const at = this.tokens.count++;
    let all = traits;
    if (this.isInTag) all |= Trait.inTag;
    if (this.isAfterComment) all |= Trait.afterComment;
    if (start > 0 && classOf(this.codes[start - 1] as number) === Class.space)
      all |= Trait.spaceBefore;
    kinds[at] = kind;
    allTraits[at] = all;
    hashes[at] = hash;
    starts[at] = start;
    ends[at] = end;
    this.isAfterComment = false;
    this.hasNewline = false;
  }

  /** A word of the lexicon; a newline before a command separates like `;` does. */
  pushMeaning(kind: number, traits: number, hash: number, start: number, end: number): void {
    const isCommand =
      kind === Kind.command || kind === Kind.interpreter || kind === Kind.weakCommand;
    if (this.hasNewline && isCommand && this.tokens.count > 0) {
      this.push(Kind.newline, 0, 0, this.newlineAt, this.newlineAt + 1);
    }
    this.push(kind, traits, hash, start, end);
  }

  /** Prose and values: joined to the prose before it, across soft separators and connectives. */
  pushProse(kind: number, traits: number, hash: number, start: number, end: number): void {
    const { tokens } = this;
    if (this.isAfterComment) {
      this.push(kind, traits, hash, start, end);
      return;
    }
    const last = tokens.count - 1;
    const canBridge = last >= 1 && isProse(tokens.kinds[last - 1] as number);
    const previous = canBridge && this.isBridge(last, kind, start, end) ? last - 1 : last;
    if (previous < 0 || !isProse(tokens.kinds[previous] as number)) {
      this.push(kind, traits, hash, start, end);
      return;
    }
    tokens.count = previous + 1;
    tokens.kinds[previous] = Kind.phrase;
    tokens.traits[previous] = (tokens.traits[previous] as number) | traits;
    tokens.hashes[previous] = Math.imul(tokens.hashes[previous] as number, 31) + hash;
    tokens.ends[previous] = end;
    this.hasNewline = false;
  }

  private isBridge(at: number, kind: number, start: number, end: number): boolean {
    const { tokens, codes } = this;
    const bridge = tokens.kinds[at] as number;
    const hasSpaceAfter = start > (tokens.ends[at] as number);
    if (bridge === Kind.dot || bridge === Kind.minus || bridge === Kind.slash) return true;
    if (bridge === Kind.and) return hasSpaceAfter;
    if (bridge === Kind.percent)
      return classOf(codes[(tokens.starts[at] as number) - 1] as number) === Class.digit;
    if (bridge === Kind.colon) return hasSpaceAfter && !this.isInTag;
    if (SOFT.has(bridge)) return hasSpaceAfter;
    const isConnective = ((tokens.traits[at] as number) & Trait.connective) !== 0;
    return isConnective && kind === Kind.word && this.isCalmAfter(end);
  }

  /** True when what follows reads like more prose, not like an operator. */
  private isCalmAfter(at: number): boolean {
    let i = at;
    while (i < this.length && classOf(this.codes[i] as number) === Class.space) i++;
    if (i >= this.length) return true;
    const code = this.codes[i] as number;
    const kind = classOf(code);
    if (kind === Class.letter || kind === Class.digit) return true;
    return code === 0x2c || code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3a;
  }

  /** False for words that are English here: an attribute or JSON key, a command word in a sentence. */
  keepsMeaning(kind: number, start: number, end: number): boolean {
    const next = this.codes[end] as number;
    const isCalled = end < this.length && (next === 0x28 || next === 0x7b || next === 0x60);
    if (kind === Kind.weakCommand && this.codes[start] === 0x6e && end - start === 3) {
      return this.isAccountCommand(end);
    }
    if (ENGLISH.has(kind) && !isCalled && !COMMAND_POSITION.has(this.lastKind)) {
      return kind === Kind.weakCommand ? this.hasArgumentAfter(end) : !this.isBetweenWords(end);
    }
    if (kind === Kind.databaseObject) return this.isMemberAccess(end);
    if (kind === Kind.urlAttribute || kind === Kind.riskyAttribute) return this.isInTag;
    if (this.isInTag && this.attributeQuote === 0 && next === 0x3d && end < this.length)
      return false;
    return !this.isKey(end) || kind === Kind.prototype;
  }

  /** `net` with a verb of that program, where nothing says that it is a sentence. */
  private isAccountCommand(end: number): boolean {
    if (this.codes[end] !== 0x20) return false;
    let hash = HASH_START;
    let at = end + 1;
    for (; at < this.length && classOf(this.codes[at] as number) === Class.letter; at++) {
      hash = hashStep(hash, this.codes[at] as number);
    }
    if (!NET_VERBS.has(hash)) return false;
    if (COMMAND_POSITION.has(this.lastKind)) return true;
    return this.tokens.count === 0 && (at === this.length || this.hasSwitchAfter(at));
  }

  /** ` /add` and the like a little further on. */
  private hasSwitchAfter(at: number): boolean {
    const stop = Math.min(this.length - 1, at + SWITCH_DISTANCE_MAX);
    for (let i = at; i < stop; i++) {
      const isSlash = this.codes[i] === 0x20 && this.codes[i + 1] === 0x2f;
      if (isSlash && classOf(this.codes[i + 2] as number) === Class.letter) return true;
    }
    return false;
  }

  private isMemberAccess(end: number): boolean {
    return (
      this.codes[end] === 0x2e &&
      end + 1 < this.length &&
      classOf(this.codes[end + 1] as number) === Class.letter
    );
  }

  private isBetweenWords(end: number): boolean {
    return isProse(this.lastKind) && this.isCalmAfter(end);
  }

  private hasArgumentAfter(end: number): boolean {
    if (this.tokens.count > 0 && !this.hasNewline) return false;
    if (this.codes[end] === 0x3c) return this.codes[end + 1] === 0x2f;
    if (this.codes[end] !== 0x20 || end + 1 >= this.length) return false;
    const code = this.codes[end + 1] as number;
    if (code === 0x25) return classOf(this.codes[end + 2] as number) === Class.letter;
    const isDrive = this.codes[end + 2] === 0x3a && this.codes[end + 3] === 0x5c;
    if (isDrive && end + 3 < this.length) return true;
    return code === 0x2f || code === 0x2d || code === 0x2e || code === 0x7e || code === 0x24;
  }

  private isKey(end: number): boolean {
    if (end + 1 >= this.length) return false;
    const next = this.codes[end] as number;
    return (next === 0x22 || next === 0x27) && this.codes[end + 1] === 0x3a;
  }

  replaceLast(kind: number, traits: number, end: number): void {
    const last = this.tokens.count - 1;
    const wasAlone = this.tokens.kinds[last] !== Kind.phrase;
    if (wasAlone) this.tokens.kinds[last] = kind;
    this.tokens.traits[last] = (this.tokens.traits[last] as number) | traits;
    this.tokens.ends[last] = end;
  }

  finish(): void {
    this.isInTag = false;
    this.push(Kind.end, 0, 0, this.length, this.length);
  }
}
