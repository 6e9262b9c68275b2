import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const IFS = hashWord("ifs");
const DEV = hashWord("dev");
const EXEC = hashWord("exec");
const CODE_SCHEMES = new Set(
  ["php", "expect", "file", "gopher", "dict", "phar", "zip", "data", "ldap", "netdoc", "jar"].map(
    hashWord,
  ),
);

function isCommand(scene: Scene, offset: number): boolean {
  const kind = scene.kindAt(offset);
  if (kind === Kind.command || kind === Kind.interpreter || kind === Kind.weakCommand) return true;
  return (scene.traitsAt(offset) & Trait.command) !== 0;
}

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
    kind === Kind.less ||
    kind === Kind.greater
  );
}

function findSeparatorFacts(scene: Scene): void {
  if (!isCommand(scene, 0)) return;
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
  const isAlone = scene.kindAt(1) === Kind.end && (scene.at === 0 || isSeparator(previous));
  if (isAlone && scene.at > 0) scene.emit(Fact.commandAlone);
}

/** The token under the cursor as the first argument of a command. */
function findArgumentFacts(scene: Scene): void {
  if (!isCommand(scene, -1)) return;
  const { kind } = scene;
  const isLed =
    scene.at === 1 || isSeparator(scene.kindAt(-2)) || scene.previous !== Kind.weakCommand;
  if (!isLed) return;
  const isPath = kind === Kind.slash || kind === Kind.parentPath || kind === Kind.tilde;
  if (isPath && !scene.isAttached(-1)) scene.emit(Fact.commandPath);
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

function findPathFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.sensitivePath && (previous === Kind.slash || previous === Kind.backslash)) {
    const isDeeper = scene.kindAt(-2) === Kind.sensitivePath;
    if (isDeeper) scene.emit(scene.hashAt(-2) === DEV ? Fact.deviceTcp : Fact.sensitivePath);
  }
  const isBinary = previous === Kind.slash && scene.kindAt(-2) === Kind.sensitivePath;
  if (isBinary && isCommand(scene, 0)) scene.emit(Fact.sensitivePath);
  const isDeep = scene.near(Kind.parentPath, 2) && scene.kindAt(-2) === Kind.parentPath;
  const isReaching = kind === Kind.sensitivePath && previous === Kind.parentPath;
  if ((kind === Kind.parentPath && isDeep) || isReaching) scene.emit(Fact.traversal);
  const isDescriptor = kind === Kind.and && previous === Kind.greater && scene.isAttached(-1);
  if (isDescriptor) scene.emit(Fact.redirect);
  if (kind === Kind.slashes && previous === Kind.colon && CODE_SCHEMES.has(scene.hashAt(-2))) {
    scene.emit(Fact.codeScheme);
  }
}

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

function findTemplateFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.dunder) scene.emit(Fact.dunder);
  if (kind === Kind.templateObject) scene.emit(Fact.templateObject);
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
  if (!isInTemplate(scene)) return;
  if (kind === Kind.parenOpen) scene.emit(Fact.templateCall);
  const isOperator = kind === Kind.star || kind === Kind.plus || kind === Kind.minus;
  if (isOperator && (previous === Kind.number || isQuote(previous)))
    scene.emit(Fact.templateArithmetic);
  if (kind === Kind.dot || kind === Kind.bracketOpen) scene.emit(Fact.templateMember);
  if (kind === Kind.pipe) scene.emit(Fact.templateFilter);
  if (kind === Kind.jndi && scene.near(Kind.dollarBrace, 4)) scene.emit(Fact.jndiLookup);
  if (kind === Kind.dollarBrace && scene.near(Kind.dollarBrace, 8)) scene.emit(Fact.nestedLookup);
  if (scene.hashAt(0) === IFS) scene.emit(Fact.shellSeparatorVariable);
}

function findCodeFacts(scene: Scene): void {
  const { kind, previous } = scene;
  const isCalled =
    kind === Kind.parenOpen && (previous === Kind.codeExecution || scene.hashAt(-1) === EXEC);
  if (isCalled) {
    scene.emit(Fact.codeCall);
    if (isQuote(scene.kindAt(1)) || scene.kindAt(1) === Kind.superglobal)
      scene.emit(Fact.codeQuoted);
  }
  if (
    kind === Kind.runtime &&
    (previous === Kind.dot || scene.kindAt(1) === Kind.dot || scene.kindAt(1) === Kind.parenOpen)
  ) {
    scene.emit(Fact.runtimeAccess);
  }
  const isImport =
    kind === Kind.runtime && (previous === Kind.codeWord || scene.near(Kind.codeWord, 3));
  if (isImport) scene.emit(Fact.importCode);
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

/** Emits the shell, template and code facts that the token under the cursor completes. */
export function findCommandFacts(scene: Scene): void {
  findSeparatorFacts(scene);
  findArgumentFacts(scene);
  findEndFacts(scene);
  findPathFacts(scene);
  findTemplateFacts(scene);
  findCodeFacts(scene);
}
