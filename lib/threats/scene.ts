import type { CanonicalText } from "./canonicalise.ts";
import { Mark } from "./canonicalise.ts";
import { FAMILIES_OF_FACT, FAMILY_FEATURES } from "./fact-families.ts";
import { KIND_COUNT, Kind, Trait } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";

const FAR = -1000;
/** Tokens scored together. Prose folds into single tokens, so this spans more text than it seems. */
export const WINDOW_TOKENS = 32;
/** More than any token completes; what is beyond would not change an answer. */
const FACTS_PER_TOKEN_MAX = 20;

/** A template is taken to go on this far. */
const TEMPLATE_TOKENS_MAX = 24;

/** Kinds that end a quoted value. */
export function isQuote(kind: number): boolean {
  return kind >= Kind.singleAfterDigit && kind <= Kind.backtick && kind !== Kind.attributeQuote;
}

/** Kinds a comparison can have on either side. */
export function isValue(kind: number): boolean {
  return (kind >= Kind.word && kind <= Kind.part) || kind === Kind.identifier || kind === Kind.nil;
}

/** Tags and the quotes of their attributes: nothing but markup and text facts ends on them. */
export function isTagToken(kind: number): boolean {
  return (kind >= Kind.tagPlain && kind <= Kind.closeActive) || kind === Kind.attributeQuote;
}

/** True for `=`, `==`, `<`, `!=`, LIKE and the like. */
export function isComparison(kind: number): boolean {
  return (
    kind === Kind.assign ||
    kind === Kind.equality ||
    kind === Kind.compare ||
    kind === Kind.like ||
    kind === Kind.less ||
    kind === Kind.greater
  );
}

/** What is remembered of a token of a kind when the cursor has passed it. */
const Role = { none: 0, quote: 1, comparison: 2, logic: 3, opensTemplate: 4, closesTemplate: 5 };
const ROLES = new Uint8Array(KIND_COUNT);
for (let kind = 0; kind < KIND_COUNT; kind++) {
  if (isQuote(kind)) ROLES[kind] = Role.quote;
  else if (isComparison(kind)) ROLES[kind] = Role.comparison;
}
for (const kind of [Kind.logic, Kind.pipePipe, Kind.andAnd]) ROLES[kind] = Role.logic;
for (const kind of [
  Kind.doubleBraceOpen,
  Kind.dollarBrace,
  Kind.hashBrace,
  Kind.pageOpen,
  Kind.blockOpen,
]) {
  ROLES[kind] = Role.opensTemplate;
}
for (const kind of [Kind.doubleBraceClose, Kind.pageClose, Kind.blockClose, Kind.braceClose]) {
  ROLES[kind] = Role.closesTemplate;
}

/**
 * What stands around the token under the cursor: where each kind of token and each family of facts
 * was last seen, and the facts of the last `WINDOW_TOKENS` tokens.
 */
export class Scene {
  tokens: TokenList;
  at = 0;
  kind = 0;
  traits = 0;
  previous = 0;
  lastQuote = FAR;
  lastComparison = FAR;
  lastLogic = FAR;
  private readonly last = new Int32Array(KIND_COUNT);
  private readonly facts = new Uint8Array(WINDOW_TOKENS * FACTS_PER_TOKEN_MAX);
  private readonly factCounts = new Uint8Array(WINDOW_TOKENS);
  private readonly families = new Int32Array(FAMILY_FEATURES.length);
  /** The last token with a fact of any family. */
  lastFact = FAR;
  /** True when the token under the cursor, or the one before it, names a command. */
  isCommand = false;
  isAfterCommand = false;
  /** Where the template around the cursor was opened, or long ago. */
  private templateAt = FAR;
  /** True when characters of the text were escaped that need no escape. */
  isDisguised = false;

  constructor(tokens: TokenList) {
    this.tokens = tokens;
  }

  reset(tokens: TokenList, text: CanonicalText): void {
    this.tokens = tokens;
    this.isDisguised = (text.marks & Mark.needless) !== 0;
    this.last.fill(FAR);
    this.families.fill(FAR);
    this.lastFact = FAR;
    this.templateAt = FAR;
    this.isCommand = false;
    this.lastQuote = FAR;
    this.lastComparison = FAR;
    this.lastLogic = FAR;
    this.kind = Kind.end;
  }

  /** Moves to token `at`, of which nothing is known yet. */
  moveTo(at: number): void {
    this.at = at;
    this.previous = at === 0 ? Kind.end : this.kind;
    this.kind = this.tokens.kinds[at] as number;
    this.traits = this.tokens.traits[at] as number;
    this.isAfterCommand = at > 0 && this.isCommand;
    this.isCommand = isCommandToken(this.kind, this.traits);
    this.factCounts[at % WINDOW_TOKENS] = 0;
  }

  /** Called after the facts of a token were collected. */
  leave(): void {
    const { kind, at } = this;
    this.last[kind] = at;
    const role = ROLES[kind];
    if (role === Role.none) return;
    if (role === Role.quote) this.lastQuote = at;
    else if (role === Role.comparison) this.lastComparison = at;
    else if (role === Role.logic) this.lastLogic = at;
    else this.templateAt = role === Role.opensTemplate ? at : FAR;
  }

  /** True inside the delimiters of a template that was opened not long ago. */
  get isInTemplate(): boolean {
    return this.at - this.templateAt <= TEMPLATE_TOKENS_MAX;
  }

  emit(fact: number): void {
    const slot = this.at % WINDOW_TOKENS;
    const count = this.factCounts[slot] as number;
    if (count === FACTS_PER_TOKEN_MAX) return;
    this.facts[slot * FACTS_PER_TOKEN_MAX + count] = fact;
    this.factCounts[slot] = count + 1;
    const families = FAMILIES_OF_FACT[fact] as number;
    if (families === 0) return;
    this.lastFact = this.at;
    for (let family = 0; families >> family !== 0; family++) {
      if (((families >> family) & 1) === 1) this.families[family] = this.at;
    }
  }

  /** Number of facts of `token`, one of the last `WINDOW_TOKENS`. */
  factCountOf(token: number): number {
    return this.factCounts[token % WINDOW_TOKENS] as number;
  }

  factOf(token: number, index: number): number {
    return this.facts[(token % WINDOW_TOKENS) * FACTS_PER_TOKEN_MAX + index] as number;
  }

  /** The last token with a fact of `family`. */
  lastOfFamily(family: number): number {
    return this.families[family] as number;
  }

  /** True when a token of `kind` stands at most `within` tokens before the cursor. */
  near(kind: number, within: number): boolean {
    return this.at - (this.last[kind] as number) <= within;
  }

  lastOf(kind: number): number {
    return this.last[kind] as number;
  }

  kindAt(offset: number): number {
    const index = this.at + offset;
    return index >= 0 && index < this.tokens.count
      ? (this.tokens.kinds[index] as number)
      : Kind.end;
  }

  traitsAt(offset: number): number {
    const index = this.at + offset;
    return index >= 0 && index < this.tokens.count ? (this.tokens.traits[index] as number) : 0;
  }

  hashAt(offset: number): number {
    const index = this.at + offset;
    return index >= 0 && index < this.tokens.count ? (this.tokens.hashes[index] as number) : 0;
  }

  /** True when tokens `offset` and the one after it touch. */
  isAttached(offset: number): boolean {
    const { starts, ends } = this.tokens;
    const left = this.at + offset;
    return left >= 0 && left + 1 < this.tokens.count && ends[left] === starts[left + 1];
  }
}

/** True when the token at `offset` names a program or a command of a shell. */
export function isCommand(scene: Scene, offset: number): boolean {
  return isCommandToken(scene.kindAt(offset), scene.traitsAt(offset));
}

function isCommandToken(kind: number, traits: number): boolean {
  if (kind === Kind.command || kind === Kind.interpreter || kind === Kind.weakCommand) return true;
  // A run of prose has the traits of all its words, and none of them leads it.
  return kind !== Kind.phrase && (traits & Trait.command) !== 0;
}
