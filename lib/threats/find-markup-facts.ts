import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote, isTagToken } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const META = hashWord("meta");
/** What a meta element does that acts by itself; `charset` and `name` only describe. */
const META_ACTIONS = new Set(["refresh", "link", "set"].map(hashWord));
const IMPORT = hashWord("import");
const META_TOKENS_MAX = 8;
const STYLE_TOKENS_MAX = 16;
const EXPRESSION = hashWord("expression");
const DATA = hashWord("data");
const FUNCTION = hashWord("function");
/** Hash of two words as the lexer joins them to a phrase. */
const hashPair = (one: string, other: string): number =>
  (Math.imul(hashWord(one), 31) + hashWord(other)) | 0;
/** Properties of CSS that load code. */
const BEHAVIOR = new Set([
  ...["behavior", "behaviour", "binding"].map(hashWord),
  hashPair("moz", "binding"),
]);
/** Media types a data: address runs. */
const ACTIVE_MEDIA = new Set([
  hashPair("text", "html"),
  hashPair("image", "svg"),
  hashPair("application", "xhtml"),
  hashPair("text", "javascript"),
]);

/** `<meta http-equiv="refresh"`, `"link"`, `"set-cookie"`. */
function isActiveMeta(scene: Scene): boolean {
  if (scene.hashAt(0) !== META) return false;
  for (let ahead = 1; ahead <= META_TOKENS_MAX; ahead++) {
    if (META_ACTIONS.has(scene.hashAt(ahead))) return true;
  }
  return false;
}

/** `@import` and `@charset` in a style element, of which only the first loads anything. */
function findStyleFacts(scene: Scene): void {
  const isImport = scene.hashAt(1) === IMPORT && scene.isAttached(0);
  if (isImport && scene.near(Kind.tagUnknown, STYLE_TOKENS_MAX)) scene.emit(Fact.activeTag);
}

function findTagFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.tagActive || isActiveMeta(scene)) scene.emit(Fact.activeTag);
  else if (kind === Kind.closeActive) scene.emit(Fact.closesActiveTag);
  else scene.emit(kind === Kind.tagUnknown ? Fact.unknownTag : Fact.plainTag);
  if (scene.isDisguised) scene.emit(Fact.encodedTag);
  const before = scene.previous === Kind.greater ? scene.kindAt(-2) : scene.previous;
  const isRare = kind === Kind.tagActive || kind === Kind.tagUnknown || kind === Kind.closeActive;
  if (isQuote(before) && isRare) scene.emit(Fact.tagBreak);
}

/** `"'`-->`: leaves whatever quote and comment it lands in. */
function findCommentFacts(scene: Scene): void {
  if (isQuote(scene.previous) && scene.isAttached(-1)) scene.emit(Fact.tagBreak);
}

function isInTag(scene: Scene): boolean {
  return (scene.traits & Trait.inTag) !== 0;
}

function findHandlerFacts(scene: Scene): void {
  const isInside = isInTag(scene);
  scene.emit(isInside ? Fact.handlerInTag : Fact.handlerBare);
  if (!isInside && (isQuote(scene.previous) || isQuote(scene.kindAt(-2)))) {
    scene.emit(Fact.handlerAfterQuote);
  }
}

/** `<svg/onload=`: a slash in place of the space before an attribute. */
function findSlashFacts(scene: Scene): void {
  const next = scene.kindAt(1);
  if (!isInTag(scene) || !scene.isAttached(0) || next === Kind.greater) return;
  const isAfterTag = scene.previous >= Kind.tagPlain && scene.previous <= Kind.tagUnknown;
  if (next === Kind.handler || isAfterTag) scene.emit(Fact.slashInTag);
}

/** "JavaScript: The Good Parts": a space and plain words after the colon. */
function isTitle(scene: Scene): boolean {
  const next = scene.kindAt(1);
  return !scene.isAttached(0) && (next === Kind.word || next === Kind.phrase);
}

function findHostFacts(scene: Scene): void {
  if ((scene.traits & Trait.oddHost) !== 0 && isInTag(scene)) scene.emit(Fact.oddHost);
}

function findAddressFacts(scene: Scene): void {
  if (scene.previous === Kind.scriptScheme && !isTitle(scene)) {
    scene.emit(Fact.scriptScheme);
    const isAttribute = isInTag(scene) || scene.near(Kind.urlAttribute, 6);
    scene.emit(isAttribute ? Fact.schemeInAttribute : Fact.schemeAlone);
  }
  if (scene.hashAt(-1) === DATA && ACTIVE_MEDIA.has(scene.hashAt(1))) {
    scene.emit(Fact.dataAddress);
    if (!isInTag(scene)) scene.emit(Fact.schemeAlone);
  }
  if (BEHAVIOR.has(scene.hashAt(-1))) scene.emit(Fact.cssCode);
}

function isScriptBreak(kind: number): boolean {
  return (
    isQuote(kind) ||
    kind === Kind.semicolon ||
    kind === Kind.minus ||
    kind === Kind.plus ||
    kind === Kind.greater ||
    kind === Kind.parenClose ||
    kind === Kind.braceClose ||
    kind === Kind.dollarBrace ||
    kind === Kind.doubleBraceOpen ||
    kind === Kind.slashes ||
    kind === Kind.star
  );
}

/** "when does eval() return": an empty call with a sentence before it. */
function isQuestion(scene: Scene): boolean {
  const before = scene.kindAt(-2);
  if (before !== Kind.word && before !== Kind.phrase) return false;
  const after = scene.kindAt(2);
  const isEmpty = scene.kindAt(1) === Kind.parenClose;
  return isEmpty && !scene.isAttached(-2) && after <= Kind.phrase;
}

/** "Alert (UK) Ltd": words in brackets, a space before them. */
function isAside(scene: Scene): boolean {
  const inside = scene.kindAt(1);
  const isWords = inside === Kind.word || inside === Kind.phrase;
  return isWords && scene.kindAt(2) === Kind.parenClose && !scene.isAttached(-1);
}

function isMention(scene: Scene): boolean {
  return isQuestion(scene) || isAside(scene);
}

/** `window`, `self` and `top`, which is also a word of SQL. */
function isBrowserOwner(kind: number): boolean {
  return kind === Kind.browserObject || kind === Kind.limit;
}

/** `self["al" + "ert"](1)`, `top[name](1)`, `&{...}` inside a tag. */
function findComputedFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind < Kind.parenOpen || kind > Kind.plus) return;
  const isCall = kind === Kind.parenOpen || kind === Kind.assign;
  if (isCall && previous === Kind.bracketClose && scene.isAttached(-1)) {
    const opened = scene.lastOf(Kind.bracketOpen) - scene.at;
    const owner = scene.kindAt(opened - 1);
    const isNested = scene.kindAt(-2) === Kind.bracketClose && scene.near(Kind.browserObject, 16);
    if (isBrowserOwner(owner) || isNested) scene.emit(Fact.computedCall);
  }
  if (kind === Kind.plus && isQuote(previous) && scene.near(Kind.bracketOpen, 4)) {
    const opened = scene.lastOf(Kind.bracketOpen) - scene.at;
    if (isBrowserOwner(scene.kindAt(opened - 1))) scene.emit(Fact.computedCall);
  }
  const isWrapped = kind === Kind.parenClose && previous === Kind.sink;
  const next = scene.kindAt(1);
  const isApplied = next === Kind.parenOpen || next === Kind.parenClose || next === Kind.backtick;
  if (isWrapped && isApplied && scene.kindAt(-2) === Kind.parenOpen) {
    scene.emit(Fact.sinkReference);
  }
  const isEntity = kind === Kind.braceOpen && previous === Kind.and && scene.isAttached(-1);
  if (isEntity && isInTag(scene)) scene.emit(Fact.scriptEntity);
}

function findScriptFacts(scene: Scene): void {
  const { kind, previous } = scene;
  const isCall = kind === Kind.parenOpen || kind === Kind.backtick;
  if (isCall && previous === Kind.sink && isMention(scene)) scene.emit(Fact.sinkMention);
  else if (isCall && previous === Kind.sink) {
    scene.emit(Fact.sinkCall);
    if (isScriptBreak(scene.kindAt(-2)) || scene.kindAt(-2) === Kind.end) {
      scene.emit(Fact.sinkAfterBreak);
    }
    if (scene.near(Kind.handler, 4)) scene.emit(Fact.handlerCode);
  } else if (isCall && previous === Kind.browserProperty) scene.emit(Fact.browserCall);
  const isMember = previous === Kind.dot && scene.kindAt(-2) === Kind.browserObject;
  if (
    (isMember && kind === Kind.browserObject) ||
    (kind === Kind.browserProperty && previous === Kind.dot)
  ) {
    scene.emit(Fact.browserAccess);
  }
  const isMethod = scene.kindAt(-2) === Kind.dot && scene.kindAt(-3) === Kind.browserObject;
  if (isCall && isMethod) scene.emit(Fact.browserCall);
  if (kind === Kind.browserObject && scene.near(Kind.handler, 5)) scene.emit(Fact.handlerCode);
  if (
    kind === Kind.sink &&
    (previous === Kind.assign || isQuote(previous) || previous === Kind.bracketOpen)
  ) {
    scene.emit(Fact.sinkReference);
  }
  const isHandedOver = kind === Kind.parenClose && previous === Kind.sink;
  if (isHandedOver && scene.kindAt(-2) === Kind.parenOpen && scene.kindAt(-4) === Kind.dot) {
    scene.emit(Fact.sinkReference);
  }
  const isMaker = kind === Kind.parenOpen && scene.hashAt(-1) === FUNCTION;
  if (isMaker && isQuote(scene.kindAt(1))) scene.emit(Fact.constructorCall);
  if (isCall && previous === Kind.prototype) scene.emit(Fact.constructorCall);
  // `'a'.constructor.prototype.charAt=[].join`: how expressions leave the sandbox of a page.
  const isMemberOf = scene.kindAt(-2) === Kind.dot && scene.kindAt(-3) === Kind.prototype;
  if (kind === Kind.assign && isMemberOf) scene.emit(Fact.prototypeChange);
  if (kind === Kind.arrow && (previous === Kind.parenClose || scene.kindAt(1) === Kind.sink)) {
    scene.emit(Fact.functionCode);
  }
  if (kind === Kind.parenOpen && scene.hashAt(-1) === EXPRESSION) scene.emit(Fact.cssCode);
}

/** Emits the markup and browser-script facts that the token under the cursor completes. */
export function findMarkupFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind <= Kind.url) findHostFacts(scene);
  else if (kind === Kind.attributeQuote) {
    if (!scene.near(Kind.handler, 3)) scene.emit(Fact.plainAttribute);
  } else if (isTagToken(kind)) findTagFacts(scene);
  else if (kind === Kind.markupComment) findCommentFacts(scene);
  else if (kind === Kind.handler) findHandlerFacts(scene);
  else if (kind === Kind.riskyAttribute) scene.emit(Fact.riskyAttribute);
  else if (kind === Kind.slash) findSlashFacts(scene);
  else if (kind === Kind.colon) findAddressFacts(scene);
  else if (kind === Kind.at) findStyleFacts(scene);
  else {
    findScriptFacts(scene);
    findComputedFacts(scene);
  }
}
