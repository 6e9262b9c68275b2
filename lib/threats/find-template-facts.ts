import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

const IFS = hashWord("ifs");
const REQUEST_OBJECTS = new Set(["request", "session", "self", "settings"].map(hashWord));
const LOOKUPS = new Set(
  [
    "env",
    "sys",
    "java",
    "date",
    "ctx",
    "main",
    "script",
    "url",
    "dns",
    "bundle",
    "docker",
    "web",
  ].map(hashWord),
);

function isInTemplate(scene: Scene): boolean {
  const opened = Math.max(
    scene.lastOf(Kind.doubleBraceOpen),
    scene.lastOf(Kind.dollarBrace),
    scene.lastOf(Kind.hashBrace),
    scene.lastOf(Kind.pageOpen),
    scene.lastOf(Kind.blockOpen),
  );
  const closed = Math.max(
    scene.lastOf(Kind.doubleBraceClose),
    scene.lastOf(Kind.pageClose),
    scene.lastOf(Kind.blockClose),
    scene.lastOf(Kind.braceClose),
  );
  return opened > closed && scene.at - opened <= 24;
}

/** Emits the facts of templates and lookups that the token under the cursor completes. */
export function findTemplateFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.dunder) scene.emit(Fact.dunder);
  const isDirective =
    kind === Kind.parenOpen && scene.kindAt(-2) === Kind.hash && scene.isAttached(-2);
  if (kind === Kind.blockOpen || (isDirective && scene.isAttached(-1)))
    scene.emit(Fact.templateBlock);
  const isRazor =
    scene.kindAt(-3) === Kind.at && scene.kindAt(-2) === Kind.parenOpen && scene.isAttached(-3);
  if (isRazor && previous === Kind.number && (kind === Kind.star || kind === Kind.plus)) {
    scene.emit(Fact.templateArithmetic);
  }
  if (kind === Kind.phpOpen || kind === Kind.pageOpen) scene.emit(Fact.serverPage);
  if (kind === Kind.superglobal) scene.emit(Fact.superglobal);
  if (kind === Kind.templateObject && previous === Kind.dollar) scene.emit(Fact.templateObject);
  if (!isInTemplate(scene)) return;
  if (kind === Kind.parenOpen) scene.emit(Fact.templateCall);
  const isOperator = kind === Kind.star || kind === Kind.plus || kind === Kind.minus;
  if (isOperator && (previous === Kind.number || isQuote(previous)))
    scene.emit(Fact.templateArithmetic);
  if (kind === Kind.dot || kind === Kind.bracketOpen) scene.emit(Fact.templateMember);
  if (kind === Kind.pipe) scene.emit(Fact.templateFilter);
  if (kind === Kind.templateObject) scene.emit(Fact.templateObject);
  const isFirst = previous === Kind.doubleBraceOpen || previous === Kind.dollarBrace;
  if (isFirst && REQUEST_OBJECTS.has(scene.hashAt(0))) scene.emit(Fact.templateObject);
  const isLookup = kind === Kind.colon && scene.kindAt(-2) === Kind.dollarBrace;
  if (isLookup && LOOKUPS.has(scene.hashAt(-1))) scene.emit(Fact.lookupPrefix);
  if (kind === Kind.jndi && scene.near(Kind.dollarBrace, 4)) scene.emit(Fact.jndiLookup);
  if (kind === Kind.dollarBrace && scene.near(Kind.dollarBrace, 8)) scene.emit(Fact.nestedLookup);
  if (scene.hashAt(0) === IFS) scene.emit(Fact.shellSeparatorVariable);
}
