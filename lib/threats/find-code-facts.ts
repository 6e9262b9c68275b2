import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const EXEC = hashWord("exec");
const EVAL = hashWord("eval");
const SERIALIZED = new Set(["o", "c"].map(hashWord));
const TRANSFORM = hashWord("xsl");
const INCLUDER = hashWord("esi");
const REQUEST = hashWord("request");
const EXECUTE = hashWord("execute");
const X = hashWord("x");
/** A script page is taken to go on this far after its opening. */
const PAGE_TOKENS = 64;
/** Names of runtimes that everyday code and configuration have too. */
const RUNTIME_NAMES = new Set(
  "java javax os process runtime commons subprocess classloader getclass".split(" ").map(hashWord),
);
/** Calls of everyday code, dangerous only with what is given to them. */
const FILE_CALLS = new Set(
  "include include_once require_once fopen readfile file_get_contents array_map array_filter usort preg_replace base64_decode ob_start unserialize ini_set putenv dl fork move_uploaded_file"
    .split(" ")
    .map(hashWord),
);
/** Methods that hand a text to a shell. */
const SHELL_METHODS = new Set(["shell", "cmd", "popen", "system", "spawn"].map(hashWord));

/** Code that an XML parser, an XSLT processor or a deserializer runs. */
export function findDocumentFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.entityOpen) scene.emit(Fact.externalEntity);
  const isTag = previous === Kind.tagUnknown || previous === Kind.closePlain;
  if (kind === Kind.colon && isTag && scene.hashAt(-1) === TRANSFORM) {
    scene.emit(Fact.transformCode);
  }
  if (kind === Kind.colon && isTag && scene.hashAt(-1) === INCLUDER) scene.emit(Fact.serverInclude);
  if (kind === Kind.runtime && previous === Kind.bang && scene.kindAt(-2) === Kind.bang) {
    scene.emit(Fact.serializedObject);
  }
  const isSized =
    previous === Kind.colon && scene.kindAt(-2) === Kind.number && scene.kindAt(-3) === Kind.colon;
  if (isQuote(kind) && isSized && SERIALIZED.has(scene.hashAt(-4))) {
    scene.emit(Fact.serializedObject);
  }
}

/** `eval('id')`: code in quotes, in whatever language. */
function isQuotedEvaluation(scene: Scene): boolean {
  return scene.hashAt(-1) === EVAL && isQuote(scene.kindAt(1));
}

/** A call that runs what it is given: glued to its parenthesis, or given a text. */
function isExecution(scene: Scene): boolean {
  const { previous } = scene;
  if (previous === Kind.codeExecution) return scene.isAttached(-1) || isText(scene.kindAt(1));
  const isMethod = scene.kindAt(-2) === Kind.dot && isQuote(scene.kindAt(1));
  if (isMethod && SHELL_METHODS.has(scene.hashAt(-1))) return true;
  const isLiteral = scene.hashAt(-1) === X && scene.kindAt(-2) === Kind.percent;
  if (isLiteral) return scene.kindAt(-3) !== Kind.number && scene.isAttached(-2);
  return scene.hashAt(-1) === EXEC || isQuotedEvaluation(scene);
}

function isText(kind: number): boolean {
  return isQuote(kind) || kind === Kind.superglobal || kind === Kind.dollar;
}

/** What `(` shows: calls that run code, and the name of a call taken from the request. */
function findExecutionFacts(scene: Scene): void {
  const { previous } = scene;
  const next = scene.kindAt(1);
  if (previous === Kind.codeExecution && FILE_CALLS.has(scene.hashAt(-1))) {
    scene.emit(Fact.fileCall);
    if (next === Kind.superglobal) scene.emit(Fact.codeQuoted);
  } else if (isExecution(scene)) {
    scene.emit(Fact.codeCall);
    if (isQuote(next) || next === Kind.superglobal) scene.emit(Fact.codeQuoted);
  }
  const isVariable = next === Kind.dollar || next === Kind.superglobal;
  const isPage = scene.near(Kind.phpOpen, PAGE_TOKENS);
  if (scene.hashAt(-1) === EVAL && (isVariable || isPage)) scene.emit(Fact.evalVariable);
  if (isPage && scene.kindAt(-2) === Kind.dollar && scene.isAttached(-1)) {
    scene.emit(Fact.variableCall);
  }
  const isNamed = previous === Kind.bracketClose || previous === Kind.braceClose;
  if (isNamed && scene.isAttached(-1) && scene.near(Kind.superglobal, 6)) {
    scene.emit(Fact.superglobalCall);
  }
  if (scene.hashAt(-1) === REQUEST) {
    const isRun = scene.hashAt(-2) === EVAL || scene.hashAt(-2) === EXECUTE;
    if (isRun) scene.emit(Fact.evalVariable);
  }
  findFilterFacts(scene);
}

/** `*)(uid=*`: closes an LDAP filter that this text did not open. */
function findFilterFacts(scene: Scene): void {
  if (scene.previous !== Kind.parenClose || scene.lastOf(Kind.parenOpen) >= 0) return;
  const after = scene.kindAt(2);
  const isFilter = after === Kind.assign || after === Kind.parenOpen || after === Kind.compare;
  if (isFilter && scene.isAttached(-1) && scene.isAttached(0)) scene.emit(Fact.filterBreak);
}

/** `import os`, `import sys,os`, `require("child_process")`. */
function isImport(scene: Scene): boolean {
  const { previous } = scene;
  if (previous === Kind.codeWord) return true;
  if (previous === Kind.comma) return scene.near(Kind.codeWord, 5);
  return isQuote(previous) && scene.kindAt(-3) === Kind.codeWord;
}

function findRuntimeFacts(scene: Scene): void {
  const next = scene.kindAt(1);
  const isMember = scene.previous === Kind.dot || next === Kind.dot;
  if (isMember || next === Kind.parenOpen) {
    scene.emit(RUNTIME_NAMES.has(scene.hashAt(0)) ? Fact.runtimeName : Fact.runtimeAccess);
  }
  if (isImport(scene)) scene.emit(Fact.importCode);
}

/** A socket of a program and a call that runs something, in either order. */
function findSocketFacts(scene: Scene): void {
  const { kind } = scene;
  const isSocket = kind === Kind.socket;
  const isRun = kind === Kind.codeExecution || kind === Kind.interpreter || kind === Kind.runtime;
  if (isRun && scene.near(Kind.socket, 60)) scene.emit(Fact.socketCode);
  if (!isSocket) return;
  const isNear =
    scene.near(Kind.codeExecution, 60) ||
    scene.near(Kind.interpreter, 60) ||
    scene.near(Kind.runtime, 60);
  if (isNear) scene.emit(Fact.socketCode);
}

/** Emits the facts of program code that the token under the cursor completes. */
export function findCodeFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.parenOpen) findExecutionFacts(scene);
  const isPageCode = kind === Kind.sink && scene.near(Kind.pageOpen, PAGE_TOKENS);
  if (isPageCode && scene.kindAt(1) === Kind.word) scene.emit(Fact.evalVariable);
  findSocketFacts(scene);
  if (kind === Kind.runtime) findRuntimeFacts(scene);
  if (kind === Kind.slash && previous === Kind.interpreter && scene.kindAt(-2) === Kind.bang) {
    scene.emit(Fact.serializedObject);
  }
  if (kind === Kind.hash && previous === Kind.markupComment) scene.emit(Fact.serverInclude);
  if (
    kind === Kind.parenOpen &&
    scene.previous === Kind.parenOpen &&
    scene.kindAt(-2) === Kind.dollar
  ) {
    scene.emit(Fact.substitutionArithmetic);
  }
  if (kind === Kind.parenOpen && previous === Kind.dollarParen)
    scene.emit(Fact.substitutionArithmetic);
  if (kind === Kind.colon && previous === Kind.colon && scene.isAttached(-1))
    scene.emit(Fact.staticCall);
  if ((scene.traitsAt(0) & Trait.joined) !== 0 && kind > Kind.url) scene.emit(Fact.joinedWord);
}
