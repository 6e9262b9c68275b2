import { Fact } from "./fact-names.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isQuote } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

const EXEC = hashWord("exec");
const EVAL = hashWord("eval");
const SERIALIZED = new Set(["o", "c"].map(hashWord));
const TRANSFORM = hashWord("xsl");

/** Code that an XML parser, an XSLT processor or a deserializer runs. */
export function findDocumentFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.entityOpen) scene.emit(Fact.externalEntity);
  const isTag = previous === Kind.tagUnknown || previous === Kind.closePlain;
  if (kind === Kind.colon && isTag && scene.hashAt(-1) === TRANSFORM) {
    scene.emit(Fact.transformCode);
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

/** Emits the facts of program code that the token under the cursor completes. */
export function findCodeFacts(scene: Scene): void {
  const { kind, previous } = scene;
  const isCalled =
    kind === Kind.parenOpen &&
    (previous === Kind.codeExecution || scene.hashAt(-1) === EXEC || isQuotedEvaluation(scene));
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
