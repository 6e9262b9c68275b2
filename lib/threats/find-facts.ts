import { findCommandFacts } from "./find-command-facts.ts";
import { findMarkupFacts } from "./find-markup-facts.ts";
import { findQueryFacts } from "./find-query-facts.ts";
import { findSqlFacts } from "./find-sql-facts.ts";
import type { Scene } from "./scene.ts";
import { Kind, Trait, tableOf } from "./token-kinds.ts";

// Kinds of tokens that can complete a fact, by finder. Most tokens of ordinary text can complete none,
// and looking is what screening costs; a test compares with looking everywhere.
const COMPLETES_SQL = tableOf([
  ...([
    "end",
    "word",
    "phrase",
    "number",
    "hex",
    "part",
    "identifier",
    "emptyString",
    "nil",
  ] as const),
  ...(["assign", "equality", "compare", "like", "less", "greater", "plus"] as const),
  ...(["logic", "pipePipe", "andAnd", "parenOpen", "at", "atAt"] as const),
  ...(["select", "union", "from", "where", "orderGroup", "limit", "caseWord", "into"] as const),
  ...(["change", "define", "object", "execute", "sqlTime", "sqlMeta", "sqlFunction"] as const),
]);
const COMPLETES_MARKUP = tableOf([
  ...(["tagActive", "tagUnknown", "tagPlain", "closeActive", "closePlain"] as const),
  ...(["markupComment", "attributeQuote", "handler", "riskyAttribute"] as const),
  ...(["parenOpen", "parenClose", "braceOpen", "assign", "plus", "colon", "slash", "at"] as const),
  ...(["backtick", "arrow", "sink", "browserObject", "browserProperty"] as const),
]);
const COMPLETES_QUERY = tableOf([
  ...(["word", "mongo", "codeWord", "sqlTime", "prototype"] as const),
  ...(["colon", "dot", "slash", "bracketClose", "parenOpen", "braceOpen"] as const),
  ...(["assign", "equality", "compare", "like", "less", "greater", "pipePipe", "andAnd"] as const),
]);

const COMPLETES_COMMAND = tableOf([
  ...(["end", "url", "slash", "slashes", "backslash", "tilde", "minus", "plus", "star"] as const),
  ...(["and", "pipe", "colon", "hash", "shift", "parenOpen"] as const),
  ...(["parentPath", "sensitivePath", "entityOpen", "dunder", "superglobal", "runtime"] as const),
  ...(["blockOpen", "pageOpen", "phpOpen", "dollarBrace", "templateObject", "codeWord"] as const),
  ...(["socket", "codeExecution", "interpreter", "sink"] as const),
]);
/** After these, any token can complete a fact of commands. */
const LEADS_COMMAND = tableOf([
  "minus",
  "dashes",
  "colon",
  "dollarParen",
  "binarySuffix",
  "sqlTime",
]);

function canCompleteCommand(scene: Scene): boolean {
  return (
    COMPLETES_COMMAND[scene.kind] === 1 ||
    scene.isCommand ||
    scene.isAfterCommand ||
    LEADS_COMMAND[scene.previous] === 1 ||
    (scene.traits & Trait.joined) !== 0 ||
    scene.isInTemplate
  );
}

/** Here a quote can be the second of a break-out, whatever stands between. */
const START_TOKENS = 4;

/** Finds the structural facts that token `at` completes; tokens must be visited in order. */
export function findFacts(scene: Scene, at: number): void {
  scene.moveTo(at);
  const { kind, traits } = scene;
  const isAfterComment = (traits & Trait.afterComment) !== 0;
  const isStart = at <= START_TOKENS;
  if (COMPLETES_SQL[kind] === 1 || isStart || isAfterComment || scene.previous === Kind.select) {
    findSqlFacts(scene);
  }
  if (COMPLETES_MARKUP[kind] === 1 || (traits & Trait.oddHost) !== 0) findMarkupFacts(scene);
  if (COMPLETES_QUERY[kind] === 1) findQueryFacts(scene);
  if (canCompleteCommand(scene)) findCommandFacts(scene);
  scene.leave();
}
