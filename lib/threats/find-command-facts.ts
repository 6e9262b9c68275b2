import { Fact } from "./fact-names.ts";
import { findCodeFacts, findDocumentFacts } from "./find-code-facts.ts";
import { findDisguisedPathFacts, findPathFacts } from "./find-path-facts.ts";
import {
  findDelayFacts,
  findInputFacts,
  findOptionFacts,
  isSeparator,
} from "./find-shell-facts.ts";
import { findTemplateFacts } from "./find-template-facts.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isCommand, isTagToken } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const BASE64 = hashWord("base64");
const NET = hashWord("net");
/** Commands that are names in English too: "R & D", "salt & id card". */
const NAMES = new Set("id od ip cat env dir ls ping sleep".split(" ").map(hashWord));
/** Commands that are names more often: "steel; ash wood", "salt; dash". */
const RARE_COMMANDS = new Set(
  "ed rev ash fish dash expect finger strings arp dig gem node".split(" ").map(hashWord),
);

/** "salt & id card", "steel; fish-plates", "&cat=2": a name among words, no command. */
function isName(scene: Scene, lead: number): boolean {
  const next = scene.kindAt(1);
  if (next === Kind.comma || (lead === Kind.and && next === Kind.assign)) return true;
  const isGlued = next === Kind.minus && scene.isAttached(0);
  if (RARE_COMMANDS.has(scene.hashAt(0))) return isGlued || !isArgument(next);
  if (next !== Kind.word && next !== Kind.phrase && !isGlued) return false;
  return lead === Kind.and && NAMES.has(scene.hashAt(0));
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
  if (!scene.isCommand || isOtherMeaning(scene)) return;
  const { previous } = scene;
  // A word that is also English needs a path, an option or a second separator to be a command.
  const isStrong =
    (scene.traitsAt(0) & Trait.strongCommand) !== 0 || scene.kind !== Kind.weakCommand;
  const isGlued = scene.kindAt(1) === Kind.minus && scene.isAttached(0);
  if (!isStrong && (isGlued || !isArgument(scene.kindAt(1)))) return;
  // `;/id` and, with a plus for a space, `|+dir`.
  const isBeside = previous === Kind.slash || (previous === Kind.plus && scene.isAttached(-1));
  const lead = isBeside ? scene.kindAt(-2) : previous;
  if (isSeparator(lead) && isName(scene, lead)) scene.emit(Fact.commandInProse);
  else if (isSeparator(lead)) {
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

/** `c:\`, `c:/` or a bare `c:` at the token `offset`. */
function isDrive(scene: Scene, offset: number): boolean {
  if (scene.kindAt(offset) !== Kind.word || scene.kindAt(offset + 1) !== Kind.colon) return false;
  const after = scene.kindAt(offset + 2);
  if (after === Kind.backslash || after === Kind.slash) return scene.isAttached(offset + 1);
  return after === Kind.end || after === Kind.pipe || after === Kind.and;
}

/** The token under the cursor as the first argument of a command. */
function findArgumentFacts(scene: Scene): void {
  if (!scene.isAfterCommand) return;
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
  else if (isDrive(scene, 0)) scene.emit(Fact.commandPath);
  else if (kind === Kind.plus) {
    if (scene.kindAt(1) === Kind.slash || isDrive(scene, 1)) scene.emit(Fact.commandPath);
  } else if (kind === Kind.minus || kind === Kind.dashes) {
    // `python3 -m venv` by itself is everyday; what options of interpreters show is looked at below.
    const isStart = scene.previous === Kind.interpreter && scene.at === 1;
    if (scene.isAttached(0) && !scene.isAttached(-1) && !isStart) scene.emit(Fact.commandFlag);
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
  if (scene.previous === Kind.interpreter) findOptionFacts(scene);
}

/** `wget -i /path`: a file as the value of an option of a command. */
function findOptionFileFacts(scene: Scene): void {
  const isOption = scene.kindAt(-2) === Kind.minus && scene.isAttached(-2);
  if (isOption && isCommand(scene, -3) && !scene.isAttached(-1)) scene.emit(Fact.optionFile);
}

/** `id;` or `whoami |`: nothing but a command and a separator. */
function findEndFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.end && scene.at === 2 && isSeparator(previous) && isCommand(scene, -2)) {
    scene.emit(Fact.commandEnd);
  }
  if (previous !== Kind.binarySuffix) return;
  if (kind === Kind.comma && scene.near(Kind.interpreter, 8)) scene.emit(Fact.libraryCall);
  if (scene.isAttached(-1)) return;
  const isOption = kind === Kind.minus || kind === Kind.slash || kind === Kind.dashes;
  if ((isOption && scene.isAttached(0)) || isDrive(scene, 0)) scene.emit(Fact.binaryOption);
}

/** Emits the shell, template and code facts that the token under the cursor completes. */
export function findCommandFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.phrase || kind === Kind.number || isTagToken(kind)) {
    findArgumentFacts(scene);
    findDelayFacts(scene);
    return;
  }
  findSeparatorFacts(scene);
  findAccountFacts(scene);
  findArgumentFacts(scene);
  findEndFacts(scene);
  if (kind === Kind.slash) findOptionFileFacts(scene);
  findInputFacts(scene);
  findPathFacts(scene);
  findDisguisedPathFacts(scene);
  findDocumentFacts(scene);
  findTemplateFacts(scene);
  findCodeFacts(scene);
}
