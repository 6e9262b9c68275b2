import { Fact } from "./fact-names.ts";
import { isSeparator } from "./find-shell-facts.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isCommand, isQuote } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const DEV = hashWord("dev");
const PROC = hashWord("proc");
const INET = hashWord("inet");
const BINARY_FOLDERS = new Set(["bin", "sbin"].map(hashWord));
const CODE_SCHEMES = new Set(["file", "data", "ldap"].map(hashWord));
const WRAPPER_SCHEMES = new Set(
  ["php", "expect", "gopher", "dict", "phar", "zip", "netdoc", "jar", "glob", "ogg", "rar"].map(
    hashWord,
  ),
);
/** Variables of Windows that lead into its folders. */
const WINDOWS_VARIABLES = new Set(
  [
    "systemroot",
    "windir",
    "systemdrive",
    "temp",
    "tmp",
    "appdata",
    "localappdata",
    "programdata",
    "programfiles",
    "allusersprofile",
    "userprofile",
    "public",
    "comspec",
  ].map(hashWord),
);

function isPathSign(kind: number): boolean {
  return kind === Kind.slash || kind === Kind.backslash;
}

/** True for what a path of a command follows when it is not mentioned but run. */
function isLead(scene: Scene, offset: number): boolean {
  const kind = scene.kindAt(offset);
  if (kind === Kind.bang) return scene.kindAt(offset - 1) !== Kind.hash;
  return isQuote(kind) || isSeparator(kind);
}

/** `/bin/sh`, `;/usr/bin/id`: the token under the cursor as a program in a folder of programs. */
function findProgramFacts(scene: Scene): void {
  if (!BINARY_FOLDERS.has(scene.hashAt(-2)) || !isCommand(scene, 0)) return;
  let start = -3;
  if (scene.kindAt(-3) !== Kind.slash) start = -2;
  else if (scene.kindAt(-4) === Kind.sensitivePath && scene.kindAt(-5) === Kind.slash) start = -5;
  const isShell = scene.kind === Kind.interpreter;
  scene.emit(isShell ? Fact.shellPath : Fact.binaryPath);
  const before = scene.kindAt(start - 1);
  const after = scene.kindAt(1);
  const isAfterWord = before === Kind.word || before === Kind.phrase || before === Kind.command;
  if (isShell && isAfterWord && !scene.isAttached(start - 1)) {
    if (after === Kind.end || after === Kind.minus) scene.emit(Fact.shellArgument);
  }
  // `/usr/bin/id;`: all there is, and a separator.
  const isCut = after === Kind.semicolon || after === Kind.pipe || after === Kind.and;
  if (isCut && scene.at + start === 0 && scene.kindAt(2) === Kind.end) {
    scene.emit(Fact.separatorCommand);
  }
  // "Defaults to `/bin/bash`": backticks after a space are how manuals write a path.
  const isSpaced = (scene.traitsAt(start - 1) & Trait.spaceBefore) !== 0;
  if (!isLead(scene, start - 1) || (before === Kind.backtick && isSpaced)) return;
  if (isShell) scene.emit(Fact.shellPathLed);
  if (isQuote(before)) return;
  scene.emit(Fact.separatorCommand);
  if ((scene.traitsAt(0) & Trait.strongCommand) !== 0) scene.emit(Fact.separatorStrong);
}

/** `/etc/passwd`, `/dev/tcp`, `/proc/self/environ`. */
function findSensitiveFacts(scene: Scene): void {
  const isDeeper = scene.kindAt(-2) === Kind.sensitivePath;
  const isProcess = scene.kindAt(-4) === Kind.sensitivePath && scene.hashAt(-4) === PROC;
  const isNetwork = scene.hashAt(-2) === INET;
  // What /usr/bin holds is named in any configuration; a command there is looked at apart.
  const isOther = (isDeeper || isProcess) && !BINARY_FOLDERS.has(scene.hashAt(0));
  const isDevice = isNetwork || (isDeeper && scene.hashAt(-2) === DEV);
  if (isDevice) scene.emit(Fact.deviceTcp);
  else if (isOther) scene.emit(Fact.sensitivePath);
}

function findTraversalFacts(scene: Scene): void {
  const { kind, previous } = scene;
  const isSensitive = kind === Kind.sensitivePath;
  if (isSensitive && scene.near(Kind.parentPath, 8)) scene.emit(Fact.deepTraversal);
  if (isSensitive && previous === Kind.parentPath) scene.emit(Fact.traversal);
  if (kind !== Kind.parentPath || !scene.near(Kind.parentPath, 2)) return;
  if (scene.kindAt(-2) === Kind.parentPath) scene.emit(Fact.traversal);
  const isFourth = previous === Kind.parentPath && scene.kindAt(-3) === Kind.parentPath;
  if (isFourth && scene.kindAt(-2) === Kind.parentPath) scene.emit(Fact.deepTraversal);
}

function findRedirectFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (previous !== Kind.greater || !scene.isAttached(-1)) {
    const isDevice = kind === Kind.sensitivePath && previous === Kind.slash;
    if (isDevice && scene.kindAt(-2) === Kind.greater) scene.emit(Fact.redirect);
    return;
  }
  const next = scene.kindAt(1);
  if (kind === Kind.and && (next === Kind.number || next === Kind.slash)) scene.emit(Fact.redirect);
  const isSpaced = (scene.traitsAt(-1) & Trait.spaceBefore) !== 0;
  const isLed = isSpaced || scene.kindAt(-2) === Kind.number;
  const isFile = next === Kind.word || next === Kind.phrase || next === Kind.sensitivePath;
  if (kind === Kind.slash && isLed && isFile && scene.isAttached(0)) scene.emit(Fact.redirectPath);
}

/** Emits the facts of paths that the token under the cursor completes. */
export function findPathFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.parentPath || kind === Kind.sensitivePath) findTraversalFacts(scene);
  if (kind === Kind.sensitivePath && isPathSign(previous)) findSensitiveFacts(scene);
  if (previous === Kind.slash && scene.kindAt(-2) === Kind.sensitivePath) findProgramFacts(scene);
  if (kind === Kind.slash || kind === Kind.and || kind === Kind.sensitivePath) {
    findRedirectFacts(scene);
  }
  if (kind !== Kind.slashes || previous !== Kind.colon) return;
  if (WRAPPER_SCHEMES.has(scene.hashAt(-2))) scene.emit(Fact.wrapperScheme);
  else if (CODE_SCHEMES.has(scene.hashAt(-2))) scene.emit(Fact.codeScheme);
}

/** `%SYSTEMROOT%\`, `C:\Windows`. */
function findWindowsFacts(scene: Scene): void {
  const { kind, previous } = scene;
  const isVariable = kind === Kind.backslash && previous === Kind.percent;
  if (isVariable && WINDOWS_VARIABLES.has(scene.hashAt(-2))) scene.emit(Fact.windowsPath);
  const isSystemFolder = kind === Kind.sensitivePath && previous === Kind.backslash;
  if (isSystemFolder && scene.kindAt(-2) === Kind.colon) scene.emit(Fact.windowsPath);
}

/** Windows paths and variables, wildcards in place of letters, formulas that start a program. */
export function findDisguisedPathFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.backslash || kind === Kind.sensitivePath) findWindowsFacts(scene);
  if (kind === Kind.tilde && previous === Kind.colon && scene.near(Kind.percent, 3)) {
    scene.emit(Fact.variableSlice);
  }
  if (kind === Kind.slash && previous === Kind.question && scene.kindAt(-2) === Kind.question) {
    if (scene.isAttached(-1) && scene.near(Kind.slash, 5)) scene.emit(Fact.wildcardPath);
  }
  if (kind !== Kind.pipe) return;
  const isProgram = isQuote(scene.kindAt(1)) && scene.isAttached(-1) && scene.isAttached(0);
  if (isProgram && (previous === Kind.interpreter || previous === Kind.phrase)) {
    const isFormula = scene.near(Kind.assign, 3) || scene.near(Kind.star, 3);
    if (isFormula || scene.near(Kind.plus, 3)) scene.emit(Fact.formulaCommand);
  }
}
