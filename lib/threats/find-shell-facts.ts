import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const TESTS = new Set(["ne", "eq", "gt", "lt", "ge", "le", "z", "n"].map(hashWord));
const SLEEP = hashWord("sleep");
const C = hashWord("c");
const PROXY = new Set(["proxycommand", "oproxycommand"].map(hashWord));
/** Options by which interpreters take code from the command line, or hide what they do. */
const INLINE_OPTIONS = new Set(
  [
    "c",
    "e",
    "r",
    "i",
    "p",
    "ne",
    "pe",
    "eval",
    "exec",
    "command",
    "com",
    "enc",
    "ec",
    "encodedcommand",
    "nop",
    "noni",
    "w",
    "sta",
    "rsocket",
    "urlcache",
    "decode",
  ].map(hashWord),
);

/** True for what ends one shell command before another. */
export function isSeparator(kind: number): boolean {
  return (
    kind === Kind.semicolon ||
    kind === Kind.pipe ||
    kind === Kind.pipePipe ||
    kind === Kind.and ||
    kind === Kind.andAnd ||
    kind === Kind.newline ||
    kind === Kind.backtick ||
    kind === Kind.dollarParen
  );
}

/** `python -c`, `cmd /c`: the token under the cursor as the first option of an interpreter. */
export function findOptionFacts(scene: Scene): void {
  const { kind } = scene;
  if (!scene.isAttached(0)) return;
  if (kind === Kind.slash && scene.hashAt(1) === C) scene.emit(Fact.interpreterInline);
  if ((kind !== Kind.minus && kind !== Kind.dashes) || scene.isAttached(-1)) return;
  const isInline = INLINE_OPTIONS.has(scene.hashAt(1));
  scene.emit(isInline ? Fact.interpreterInline : Fact.interpreterOption);
}

/** `; sleep 5`, and `$(name argument`: what ends on a number or on a run of words. */
export function findDelayFacts(scene: Scene): void {
  if (scene.kind === Kind.phrase) {
    const isGlued = scene.previous === Kind.dollarParen && scene.isAttached(-1);
    if (isGlued) scene.emit(Fact.substitutionArgument);
    return;
  }
  if (scene.kind !== Kind.number || scene.hashAt(-1) !== SLEEP) return;
  const after = scene.kindAt(1);
  const isEnd = after === Kind.end || after === Kind.hash || isSeparator(after) || isQuote(after);
  if (isEnd && isSeparator(scene.kindAt(-2))) scene.emit(Fact.separatorSleep);
}

function isShellNear(scene: Scene): boolean {
  return (
    scene.near(Kind.command, 12) ||
    scene.near(Kind.weakCommand, 12) ||
    scene.near(Kind.interpreter, 12)
  );
}

/** Here-documents, substitutions with arguments, options that name a program. */
export function findInputFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.shift) {
    const isSpaced = (scene.traitsAt(0) & Trait.spaceBefore) !== 0;
    if (isSpaced && scene.isAttached(0) && isShellNear(scene)) scene.emit(Fact.hereDocument);
    return;
  }
  const isLength = kind === Kind.hash && previous === Kind.dollarBrace;
  if (isLength && scene.isAttached(-1) && scene.isAttached(0)) scene.emit(Fact.shellLength);
  const isArgument = kind === Kind.minus || kind === Kind.slash || kind === Kind.url;
  if (isArgument && scene.kindAt(-2) === Kind.dollarParen && !scene.isAttached(-1)) {
    scene.emit(Fact.substitutionArgument);
  }
  if (previous !== Kind.dashes && previous !== Kind.minus) return;
  if (!scene.isAttached(-1)) return;
  if (scene.near(Kind.bracketOpen, 8) && TESTS.has(scene.hashAt(0))) scene.emit(Fact.shellTest);
  if (kind === Kind.execute || PROXY.has(scene.hashAt(0))) scene.emit(Fact.executeOption);
}
