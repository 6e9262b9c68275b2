import { KIND_COUNT, Kind, Trait } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";

const FAR = -1000;
/** More than any token completes; what is beyond would not change an answer. */
const FACTS_PER_TOKEN_MAX = 20;

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

/** What stands around the token under the cursor: where each kind of token was last seen. */
export class Scene {
  tokens: TokenList;
  at = 0;
  kind = 0;
  previous = 0;
  lastQuote = FAR;
  lastComparison = FAR;
  lastLogic = FAR;
  private readonly last = new Int32Array(KIND_COUNT);
  readonly facts = new Uint8Array(FACTS_PER_TOKEN_MAX);
  factCount = 0;
  /** True when characters of the text were escaped that need no escape. */
  isDisguised = false;

  constructor(tokens: TokenList) {
    this.tokens = tokens;
  }

  reset(tokens: TokenList): void {
    this.tokens = tokens;
    this.last.fill(FAR);
    this.lastQuote = FAR;
    this.lastComparison = FAR;
    this.lastLogic = FAR;
    this.kind = Kind.end;
  }

  /** Moves to token `at`; facts of the one before become history. */
  moveTo(at: number): void {
    this.at = at;
    this.previous = at === 0 ? Kind.end : this.kind;
    this.kind = this.tokens.kinds[at] as number;
    this.factCount = 0;
  }

  /** Called after the facts of a token were collected. */
  leave(): void {
    const { kind, at } = this;
    this.last[kind] = at;
    if (isQuote(kind)) this.lastQuote = at;
    else if (isComparison(kind)) this.lastComparison = at;
    else if (kind === Kind.logic || kind === Kind.pipePipe || kind === Kind.andAnd)
      this.lastLogic = at;
  }

  emit(fact: number): void {
    if (this.factCount < FACTS_PER_TOKEN_MAX) this.facts[this.factCount++] = fact;
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
  const kind = scene.kindAt(offset);
  if (kind === Kind.command || kind === Kind.interpreter || kind === Kind.weakCommand) return true;
  // A run of prose has the traits of all its words, and none of them leads it.
  if (kind === Kind.phrase) return false;
  return (scene.traitsAt(offset) & Trait.command) !== 0;
}
