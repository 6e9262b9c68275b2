import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isComparison, isQuote, isTagToken } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

const THIS = hashWord("this");
const RETURN = hashWord("return");
const WHERE = hashWord("$where");
const PROTO = hashWord("__proto__");
const CONSTRUCTOR = hashWord("constructor");
const PROTOTYPE = hashWord("prototype");

function findOperatorFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.mongo) scene.emit(Fact.mongoWord);
  const operatorBefore = previous === Kind.mongo ? 0 : isQuote(previous) ? -1 : -9;
  const isOperatorKey = operatorBefore > -9 && scene.kindAt(operatorBefore - 1) === Kind.mongo;
  if (kind === Kind.colon && isOperatorKey) scene.emit(Fact.mongoKey);
  if (kind === Kind.bracketClose && isOperatorKey) scene.emit(Fact.mongoBracket);
  const isCode = kind === Kind.codeWord || kind === Kind.sqlTime || scene.hashAt(0) === THIS;
  if (
    isCode &&
    scene.near(Kind.mongo, 6) &&
    scene.hashAt(scene.lastOf(Kind.mongo) - scene.at) === WHERE
  ) {
    scene.emit(Fact.mongoCode);
  }
}

function isExpressionStart(kind: number): boolean {
  return kind === Kind.dot || kind === Kind.caret || kind === Kind.star;
}

function findBreakFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (
    scene.hashAt(0) === RETURN &&
    (scene.at - scene.lastQuote <= 3 || previous === Kind.semicolon)
  ) {
    scene.emit(Fact.breakReturn);
  }
  if (kind === Kind.dot && scene.hashAt(-1) === THIS) scene.emit(Fact.thisMember);
  const isScriptLogic = kind === Kind.pipePipe || kind === Kind.andAnd;
  if (isScriptLogic && isQuote(previous)) scene.emit(Fact.quotePipeEquality);
  if (kind === Kind.equality && (scene.near(Kind.pipePipe, 4) || scene.near(Kind.andAnd, 4))) {
    scene.emit(Fact.quotePipeEquality);
  }
  if (isComparison(kind) && scene.hashAt(-2) === THIS) scene.emit(Fact.thisMember);
  if (kind === Kind.dot && previous === Kind.databaseObject) scene.emit(Fact.databaseCall);
  const isLoop =
    (kind === Kind.parenOpen || kind === Kind.braceOpen) &&
    (previous === Kind.codeWord || previous === Kind.sqlTime);
  const isAfterBreak =
    scene.kindAt(-2) === Kind.semicolon ||
    isQuote(scene.kindAt(-2)) ||
    scene.kindAt(-2) === Kind.braceClose;
  if (isLoop && isAfterBreak && scene.lastQuote >= 0) scene.emit(Fact.breakReturn);
  if (kind === Kind.slash && previous === Kind.colon && isExpressionStart(scene.kindAt(1))) {
    scene.emit(Fact.regexOperand);
  }
}

function findPollutionFacts(scene: Scene): void {
  const hash = scene.hashAt(0);
  if (scene.kind !== Kind.prototype) return;
  const isPair = hash === PROTOTYPE && scene.near(Kind.prototype, 4);
  const isConstructor =
    isPair && scene.hashAt(scene.lastOf(Kind.prototype) - scene.at) === CONSTRUCTOR;
  if (hash === PROTO || isConstructor) scene.emit(Fact.pollutionKey);
}

/** Emits the NoSQL and prototype-pollution facts that the token under the cursor completes. */
export function findQueryFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.phrase || kind === Kind.number || isTagToken(kind)) return;
  findOperatorFacts(scene);
  findBreakFacts(scene);
  findPollutionFacts(scene);
}
