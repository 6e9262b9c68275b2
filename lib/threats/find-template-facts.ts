import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

const IFS = hashWord("ifs");
const CONFIG = hashWord("config");
const NEW = hashWord("new");
const PROCESS = hashWord("process");
const DIRECTIVES = new Set(["assign", "list", "include", "import", "macro"].map(hashWord));
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

/** Names of a runtime or of calls that run code, quoted or called inside a template. */
function isTemplateCode(scene: Scene): boolean {
  const { kind } = scene;
  const next = scene.kindAt(1);
  if (kind === Kind.runtime) return scene.hashAt(0) !== PROCESS && next === Kind.dot;
  if (kind === Kind.sqlTime) return next === Kind.parenOpen;
  return kind === Kind.codeExecution && (isQuote(scene.previous) || next === Kind.parenOpen);
}

/** `#set($x = ...)` and `<#assign x = ...>`: what statements of Velocity and FreeMarker show. */
function findDirectiveFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.hash && (previous === Kind.less || previous === Kind.bracketOpen)) {
    const isDirective = scene.isAttached(-1) && scene.isAttached(0);
    if (isDirective && DIRECTIVES.has(scene.hashAt(1))) scene.emit(Fact.templateBlock);
  }
  if (kind === Kind.codeWord && previous === Kind.question && scene.hashAt(0) === NEW) {
    scene.emit(Fact.templateNew);
  }
  if (kind !== Kind.runtime || !scene.near(Kind.set, 16)) return;
  if (scene.kindAt(scene.lastOf(Kind.set) - scene.at - 1) === Kind.hash)
    scene.emit(Fact.templateCode);
}

/** Emits the facts of templates and lookups that the token under the cursor completes. */
export function findTemplateFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.dunder) scene.emit(Fact.dunder);
  findDirectiveFacts(scene);
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
  if (kind === Kind.templateObject && previous === Kind.dollar && scene.hashAt(0) !== CONFIG) {
    scene.emit(Fact.templateObject);
  }
  if (!scene.isInTemplate) return;
  if (kind === Kind.parenOpen) scene.emit(Fact.templateCall);
  if (isTemplateCode(scene)) scene.emit(Fact.templateCode);
  const isOperator = kind === Kind.star || kind === Kind.plus || kind === Kind.minus;
  const isApplied = kind === Kind.pipe && previous === Kind.number && scene.isAttached(0);
  if (isApplied || (isOperator && (previous === Kind.number || isQuote(previous))))
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
