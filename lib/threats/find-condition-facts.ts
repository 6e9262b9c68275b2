import { Fact } from "./fact-names.ts";
import type { Scene } from "./scene.ts";
import { isComparison, isQuote, isValue } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

/** A break-out stands at the start: `'`, or a value and `'`; then a few signs or words. */
const OPERATOR_TOKENS_MAX = 3;

/** Where the token before the closing parentheses left of `at` stands. */
function beforeClosers(scene: Scene, at: number): number {
  let i = at - 1;
  for (let steps = 0; steps < 4 && i >= 0; steps++, i--) {
    if (scene.tokens.kinds[i] !== Kind.parenClose) break;
  }
  return i;
}

/** Kind of the token before the closing parentheses left of `at`, `end` when there is none. */
export function kindBefore(scene: Scene, at: number): number {
  const i = beforeClosers(scene, at);
  return i < 0 ? Kind.end : (scene.tokens.kinds[i] as number);
}

/** A comparison that an AND/OR shortly before makes a condition. */
function findConditionFacts(scene: Scene): void {
  const logicAt = scene.lastLogic;
  const distance = scene.at - logicAt;
  if (distance > 6) return;
  const before = kindBefore(scene, logicAt);
  scene.emit(Fact.logicCompare);
  if (isQuote(before)) scene.emit(Fact.quoteLogicCompare);
  else if (before === Kind.number || before === Kind.part || logicAt === 0) {
    scene.emit(Fact.valueLogicCompare);
  }
  if (scene.near(Kind.not, distance)) scene.emit(Fact.notCompare);
}

/** Facts that a comparison completes. */
export function findComparisonFacts(scene: Scene): void {
  findConditionFacts(scene);
  const { kind } = scene;
  if (kind === Kind.assign && scene.near(Kind.set, 3) && scene.near(Kind.change, 6)) {
    scene.emit(Fact.updateSet);
  }
  // `elt(1=2, 3)`: a function is given a condition to test.
  const isArgument = scene.previous === Kind.number && scene.kindAt(-2) === Kind.parenOpen;
  if (isArgument && scene.kindAt(1) === Kind.number) {
    const isCall = scene.kindAt(-3) === Kind.sqlFunction || scene.kindAt(-3) === Kind.caseWord;
    if (isCall) scene.emit(Fact.comparedArgument);
  }
  if (scene.near(Kind.where, 4)) scene.emit(Fact.whereCompare);
}

/** `or 1`, `or ''`, `or not 0`: an AND/OR with a bare literal. */
export function findLiteralFacts(scene: Scene): void {
  const { kind } = scene;
  const distance = scene.at - scene.lastLogic;
  if (distance !== 1 && !(distance === 2 && scene.previous === Kind.not)) return;
  if (kind !== Kind.number && kind !== Kind.nil && kind !== Kind.emptyString) return;
  const before = kindBefore(scene, scene.lastLogic);
  if (isQuote(before) || before === Kind.number || before === Kind.end) {
    scene.emit(Fact.logicLiteral);
  }
}

/** `1=1`, `'a'='a`, `x like x`: equal operands around the comparison before the cursor. */
export function findTautology(scene: Scene): void {
  const { at, tokens } = scene;
  const comparison = scene.lastComparison;
  if (at - comparison > 2 || !(isValue(scene.kind) || scene.kind === Kind.hex)) return;
  let left = comparison - 1;
  while (left >= 0 && comparison - left < 4 && !isValue(tokens.kinds[left] as number)) {
    const kind = tokens.kinds[left] as number;
    if (!isQuote(kind) && kind !== Kind.parenClose && kind !== Kind.hex) return;
    left--;
  }
  if (left < 0 || tokens.hashes[left] !== tokens.hashes[at]) return;
  scene.emit(Fact.tautology);
  const isCondition = left - scene.lastLogic <= 4 && scene.lastLogic < left;
  if (isCondition) scene.emit(Fact.logicTautology);
}

function isOperator(kind: number): boolean {
  return (
    isComparison(kind) ||
    kind === Kind.not ||
    kind === Kind.tilde ||
    kind === Kind.star ||
    kind === Kind.bang ||
    kind === Kind.arrow ||
    kind === Kind.minus
  );
}

/** `x' like 'y`, `'='`, `' not glob '*`: a text that goes on behind the quote it closes. */
export function findOperatorFacts(scene: Scene): void {
  if (scene.at > OPERATOR_TOKENS_MAX + 1) return;
  let i = scene.at - 1;
  let hasComparison = false;
  for (; i >= 0 && isOperator(scene.tokens.kinds[i] as number); i--) {
    if (scene.tokens.kinds[i] !== Kind.minus) hasComparison = true;
  }
  if (!hasComparison || i < 0 || i > 1 || !isQuote(scene.tokens.kinds[i] as number)) return;
  const isClosing = i === 0 || scene.tokens.ends[0] === scene.tokens.starts[1];
  const next = scene.kindAt(1);
  if (isClosing && (next === Kind.end || scene.isAttached(0))) scene.emit(Fact.quoteOperator);
}
