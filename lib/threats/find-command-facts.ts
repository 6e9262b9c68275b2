import { Fact } from "./fact-names.ts";
import { findCodeFacts, findDocumentFacts } from "./find-code-facts.ts";
import { findDisguisedPathFacts, findPathFacts } from "./find-path-facts.ts";
import { findTemplateFacts } from "./find-template-facts.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isCommand, isTagToken } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const BASE64 = hashWord("base64");
const NET = hashWord("net");

function isSeparator(kind: number): boolean {
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

function isArgument(kind: number): boolean {
  return (
    isSeparator(kind) ||
    kind === Kind.minus ||
    kind === Kind.dashes ||
    kind === Kind.slash ||
    kind === Kind.parentPath ||
    kind === Kind.dollar ||
    kind === Kind.dollarBrace ||
    kind === Kind.url ||
    kind === Kind.percent ||
    kind === Kind.less ||
    kind === Kind.greater
  );
}

/** `;base64,` of a data address is no command. */
function isOtherMeaning(scene: Scene): boolean {
  return scene.hashAt(0) === BASE64 && scene.kindAt(1) === Kind.comma;
}

function findSeparatorFacts(scene: Scene): void {
  if (!isCommand(scene, 0) || isOtherMeaning(scene)) return;
  const { previous } = scene;
  // A word that is also English needs a path, an option or a second separator to be a command.
  const isStrong =
    (scene.traitsAt(0) & Trait.strongCommand) !== 0 || scene.kind !== Kind.weakCommand;
  if (!isStrong && !isArgument(scene.kindAt(1))) return;
  const isPath =
    previous === Kind.slash &&
    (scene.kindAt(-2) === Kind.sensitivePath || isSeparator(scene.kindAt(-2)));
  if (isSeparator(previous) || isPath) {
    scene.emit(Fact.separatorCommand);
    if ((scene.traitsAt(0) & Trait.strongCommand) !== 0) scene.emit(Fact.separatorStrong);
  }
  if (previous === Kind.pipe && scene.kind === Kind.interpreter) scene.emit(Fact.pipeInterpreter);
  if (previous === Kind.backtick) scene.emit(Fact.backtickCommand);
  if (previous === Kind.dollarParen) scene.emit(Fact.substitution);
  if ((scene.traitsAt(0) & Trait.joined) !== 0) scene.emit(Fact.disguisedCommand);
  const isAlone = scene.kindAt(1) === Kind.end && (scene.at === 0 || isSeparator(previous));
  if (isAlone && scene.at > 0) scene.emit(Fact.commandAlone);
}

/** `net user`, `net localgroup x /add`: led by a separator, or all there is. */
function findAccountFacts(scene: Scene): void {
  if (scene.kind !== Kind.weakCommand || scene.hashAt(0) !== NET) return;
  scene.emit(Fact.windowsAccount);
}

/** "how does grep -v work": the words before a command run on into it. */
function isInSentence(scene: Scene): boolean {
  const before = scene.kindAt(-2);
  return before === Kind.word || before === Kind.phrase;
}

/** The token under the cursor as the first argument of a command. */
function findArgumentFacts(scene: Scene): void {
  if (!isCommand(scene, -1)) return;
  const { kind } = scene;
  const isLed =
    scene.at === 1 || isSeparator(scene.kindAt(-2)) || scene.previous !== Kind.weakCommand;
  if (!isLed) return;
  if (isInSentence(scene)) {
    scene.emit(Fact.commandInProse);
    return;
  }
  const isPath = kind === Kind.slash || kind === Kind.parentPath || kind === Kind.tilde;
  const isVariable = kind === Kind.percent && scene.kindAt(2) === Kind.percent;
  if ((isPath || isVariable) && !scene.isAttached(-1)) scene.emit(Fact.commandPath);
  else if (
    kind === Kind.word &&
    scene.kindAt(1) === Kind.colon &&
    scene.kindAt(2) === Kind.backslash
  ) {
    scene.emit(Fact.commandPath);
  } else if (kind === Kind.minus || kind === Kind.dashes) {
    if (scene.isAttached(0) && !scene.isAttached(-1)) scene.emit(Fact.commandFlag);
  } else if (kind === Kind.url) scene.emit(Fact.commandUrl);
  else if (
    kind === Kind.dollar ||
    kind === Kind.dollarBrace ||
    kind === Kind.dollarParen ||
    kind === Kind.greater ||
    kind === Kind.less
  ) {
    scene.emit(Fact.commandVariable);
  }
  if (scene.kindAt(-1) === Kind.interpreter && kind === Kind.minus && scene.isAttached(0)) {
    scene.emit(Fact.interpreterInline);
  }
}

/** `id;` or `whoami |`: nothing but a command and a separator. */
function findEndFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.end && scene.at === 2 && isSeparator(previous) && isCommand(scene, -2)) {
    scene.emit(Fact.commandEnd);
  }
  if (scene.previous !== Kind.binarySuffix || scene.isAttached(-1)) return;
  const isOption = kind === Kind.minus || kind === Kind.slash || kind === Kind.dashes;
  const isDrive =
    kind === Kind.word && scene.kindAt(1) === Kind.colon && scene.kindAt(2) === Kind.backslash;
  if ((isOption && scene.isAttached(0)) || isDrive) scene.emit(Fact.binaryOption);
}

/** Emits the shell, template and code facts that the token under the cursor completes. */
export function findCommandFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.phrase || kind === Kind.number || isTagToken(kind)) {
    findArgumentFacts(scene);
    return;
  }
  findSeparatorFacts(scene);
  findAccountFacts(scene);
  findArgumentFacts(scene);
  findEndFacts(scene);
  findPathFacts(scene);
  findDisguisedPathFacts(scene);
  findDocumentFacts(scene);
  findTemplateFacts(scene);
  findCodeFacts(scene);
}
