import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isCommand, isQuote } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

const DEV = hashWord("dev");
const BINARY_FOLDERS = new Set(["bin", "sbin"].map(hashWord));
const CODE_SCHEMES = new Set(
  ["php", "expect", "file", "gopher", "dict", "phar", "zip", "data", "ldap", "netdoc", "jar"].map(
    hashWord,
  ),
);

/** Emits the facts of paths that the token under the cursor completes. */
export function findPathFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.sensitivePath && (previous === Kind.slash || previous === Kind.backslash)) {
    const isDeeper = scene.kindAt(-2) === Kind.sensitivePath;
    // What /usr/bin holds is named in any configuration; a command there is looked at below.
    const isBinaryFolder = BINARY_FOLDERS.has(scene.hashAt(0));
    if (isDeeper && !isBinaryFolder)
      scene.emit(scene.hashAt(-2) === DEV ? Fact.deviceTcp : Fact.sensitivePath);
  }
  const isBinary = previous === Kind.slash && scene.kindAt(-2) === Kind.sensitivePath;
  if (isBinary && isCommand(scene, 0)) scene.emit(Fact.sensitivePath);
  const isDeep = scene.near(Kind.parentPath, 2) && scene.kindAt(-2) === Kind.parentPath;
  const isReaching = kind === Kind.sensitivePath && previous === Kind.parentPath;
  if ((kind === Kind.parentPath && isDeep) || isReaching) scene.emit(Fact.traversal);
  const isDescriptor =
    kind === Kind.and &&
    previous === Kind.greater &&
    scene.isAttached(-1) &&
    (scene.kindAt(1) === Kind.number || scene.kindAt(1) === Kind.slash);
  const isDevice =
    kind === Kind.sensitivePath && previous === Kind.slash && scene.kindAt(-2) === Kind.greater;
  if (isDescriptor || isDevice) scene.emit(Fact.redirect);
  if (kind === Kind.slashes && previous === Kind.colon && CODE_SCHEMES.has(scene.hashAt(-2))) {
    scene.emit(Fact.codeScheme);
  }
}

/** Windows paths and variables, wildcards in place of letters, formulas that start a program. */
export function findDisguisedPathFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.backslash && previous === Kind.percent && scene.kindAt(-3) === Kind.percent) {
    scene.emit(Fact.windowsPath);
  }
  const isSystemFolder = kind === Kind.sensitivePath && previous === Kind.backslash;
  if (isSystemFolder && scene.kindAt(-2) === Kind.colon) scene.emit(Fact.windowsPath);
  if (kind === Kind.tilde && previous === Kind.colon && scene.near(Kind.percent, 3)) {
    scene.emit(Fact.variableSlice);
  }
  const isWild = previous === Kind.question && scene.kindAt(-2) === Kind.question;
  if (isWild && kind === Kind.slash && scene.isAttached(-1) && scene.near(Kind.slash, 5)) {
    scene.emit(Fact.wildcardPath);
  }
  const isProgram =
    kind === Kind.pipe && isQuote(scene.kindAt(1)) && scene.isAttached(-1) && scene.isAttached(0);
  if (isProgram && (previous === Kind.interpreter || previous === Kind.phrase)) {
    const isFormula = scene.near(Kind.assign, 3) || scene.near(Kind.star, 3);
    if (isFormula || scene.near(Kind.plus, 3)) scene.emit(Fact.formulaCommand);
  }
}
