import { Fact } from "./fact-names.ts";
import {
  findComparisonFacts,
  findLiteralFacts,
  findOperatorFacts,
  findTautology,
  kindBefore,
} from "./find-condition-facts.ts";
import { hashWord } from "./lexicon.ts";
import type { Scene } from "./scene.ts";
import { isComparison, isQuote, isTagToken } from "./scene.ts";
import { Kind, Trait } from "./token-kinds.ts";

/** Functions that no other language has; `sleep(1)` and `concat(a)` are in many. */
const DATABASE_ONLY = new Set(
  (
    "extractvalue updatexml xmltype group_concat load_file pg_sleep pg_sleep_for sqlite_sleep " +
    "randomblob zeroblob heavy_query get_lock dbms_pipe receive_message dbms_lock utl_inaddr " +
    "utl_http name_const make_set export_set gtid_subset st_latfromgeohash lo_import lo_export " +
    "pg_read_file pg_ls_dir query_to_xml database_to_xml load_extension is_srvrolemember " +
    "has_dbaccess suser_sname benchmark fieldlist sqlite_version"
  )
    .split(" ")
    .map(hashWord),
);
const CHARACTER_CALLS = new Set(["chr", "char", "nchar"].map(hashWord));

function isLogic(kind: number): boolean {
  return kind === Kind.logic || kind === Kind.pipePipe || kind === Kind.andAnd;
}

function findStatementFacts(scene: Scene): void {
  const { kind } = scene;
  if (!scene.near(Kind.semicolon, 1)) return;
  const isStatement =
    kind === Kind.select ||
    kind === Kind.change ||
    kind === Kind.define ||
    kind === Kind.execute ||
    kind === Kind.caseWord ||
    kind === Kind.union;
  if (!isStatement) return;
  scene.emit(Fact.stackedStatement);
  const before = kindBefore(scene, scene.lastOf(Kind.semicolon));
  if (isQuote(before) || before === Kind.number) scene.emit(Fact.breakStackedStatement);
}

/** UNION [ALL|DISTINCT] [(]* before the cursor; a comma between them is a list of words. */
function followsUnion(scene: Scene): boolean {
  // "Union Select Ltd": nothing before, nothing but words behind.
  const next = scene.kindAt(1);
  const isWords = (next === Kind.word || next === Kind.phrase) && scene.kindAt(2) === Kind.end;
  if (isWords && scene.at === 1) return false;
  for (let back = -1; back >= -4; back--) {
    const kind = scene.kindAt(back);
    if (kind === Kind.union) return true;
    if (kind !== Kind.all && kind !== Kind.parenOpen && kind !== Kind.commentClose) return false;
  }
  return false;
}

function findSelectFacts(scene: Scene): void {
  const selectAt = scene.lastOf(Kind.select);
  const distance = scene.at - selectAt;
  if (scene.kind === Kind.select) {
    if (followsUnion(scene)) scene.emit(Fact.unionSelect);
    if (scene.previous === Kind.parenOpen) scene.emit(Fact.subquery);
    if (scene.at - scene.lastComparison <= 3) scene.emit(Fact.compareSubquery);
  } else if (scene.kind === Kind.from && distance <= 24) {
    const isCode =
      scene.lastOf(Kind.star) > selectAt ||
      scene.lastOf(Kind.comma) > selectAt ||
      scene.lastOf(Kind.parenClose) > selectAt ||
      scene.lastOf(Kind.atAt) > selectAt ||
      scene.lastOf(Kind.nil) > selectAt;
    if (isCode) scene.emit(Fact.selectFromCode);
    if (distance <= 4) scene.emit(Fact.selectFrom);
  } else if (distance === 1) {
    const isLiteral =
      scene.kind === Kind.number ||
      scene.kind === Kind.nil ||
      scene.kind === Kind.atAt ||
      scene.kind === Kind.hex ||
      scene.kind === Kind.star ||
      isQuote(scene.kind);
    if (isLiteral) scene.emit(Fact.selectValues);
  }
}

function findChangeFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.object && scene.previous === Kind.define) scene.emit(Fact.defineObject);
  if (kind === Kind.into && scene.previous === Kind.change) scene.emit(Fact.insertInto);
  if (kind === Kind.from && scene.previous === Kind.change) scene.emit(Fact.deleteFrom);
  const isFile = scene.near(Kind.select, 24) || scene.previous === Kind.into;
  if (kind === Kind.into && scene.hashAt(0) !== 0 && isFile) {
    scene.emit(Fact.intoFile);
  }
}

function findCallFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.parenOpen) {
    const isFunction =
      previous === Kind.sqlFunction || (scene.traitsAt(-1) & Trait.functionName) !== 0;
    if (previous === Kind.sqlTime) scene.emit(Fact.timeCall);
    if (isFunction) {
      scene.emit(Fact.sqlCall);
      if (scene.kindAt(-2) === Kind.parenOpen) scene.emit(Fact.nestedSqlCall);
    }
    if (previous === Kind.execute) scene.emit(Fact.executeCall);
    const isOwn = DATABASE_ONLY.has(scene.hashAt(-1)) && scene.isAttached(-1);
    // "what does pg_sleep() return": an empty call is a name.
    if (isOwn && scene.kindAt(1) !== Kind.parenClose) scene.emit(Fact.databaseOnlyCall);
  }
  const isJoined = previous === Kind.pipePipe || previous === Kind.plus;
  if (kind === Kind.sqlFunction && isJoined && scene.kindAt(-2) === Kind.parenClose) {
    if (CHARACTER_CALLS.has(scene.hashAt(0))) scene.emit(Fact.characterConcat);
  }
  if (kind === Kind.sqlTime && previous === Kind.execute) scene.emit(Fact.waitforDelay);
  if ((kind === Kind.sqlMeta || kind === Kind.at) && previous === Kind.execute) {
    scene.emit(Fact.executeCall);
  }
  if (kind === Kind.sqlMeta) {
    scene.emit(Fact.sqlMeta);
    if (scene.near(Kind.from, 3)) scene.emit(Fact.metaAfterFrom);
  }
}

function isBreak(kind: number): boolean {
  return isQuote(kind) || kind === Kind.number || kind === Kind.parenClose;
}

/** A comment that cuts the rest of a statement off: at the end, or before one last word. */
function findCommentFacts(scene: Scene): void {
  const { kinds, count } = scene.tokens;
  const first = Math.max(0, count - 5);
  for (let i = count - 2; i >= first; i--) {
    const kind = kinds[i] as number;
    if (kind !== Kind.dashes && kind !== Kind.hash && kind !== Kind.commentOpen) continue;
    scene.emit(Fact.endsInComment);
    const before = kindBefore(scene, i);
    if (isQuote(before)) scene.emit(Fact.quoteComment);
    else if (before === Kind.number) scene.emit(Fact.valueComment);
    return;
  }
}

function findClauseFacts(scene: Scene): void {
  const { kind, previous } = scene;
  if (kind === Kind.number && previous === Kind.by) scene.emit(Fact.orderByNumber);
  const isClause = kind === Kind.orderGroup || kind === Kind.where || kind === Kind.limit;
  if (isClause && isBreak(kindBefore(scene, scene.at)) && scene.at > 0) {
    scene.emit(Fact.quoteOrderBy);
    if (previous === Kind.parenClose) scene.emit(Fact.quoteParenLogic);
  }
  if (kind === Kind.caseWord && scene.near(Kind.caseWord, 3)) scene.emit(Fact.caseWhen);
  if (kind === Kind.hex) scene.emit(Fact.hexLiteral);
  if (kind === Kind.atAt) scene.emit(Fact.systemVariable);
  const isListed = kind === Kind.nil || kind === Kind.number;
  if (
    isListed &&
    previous === Kind.comma &&
    (scene.near(Kind.union, 24) || scene.near(Kind.select, 24))
  ) {
    scene.emit(Fact.nullList);
  }
}

/** Values of prose, which end no statement. */
function isProseValue(kind: number): boolean {
  return (
    kind === Kind.word || kind === Kind.phrase || kind === Kind.part || kind === Kind.identifier
  );
}

/** Emits the SQL facts that the token under the cursor completes. */
export function findSqlFacts(scene: Scene): void {
  const { kind } = scene;
  if (kind === Kind.end) {
    findCommentFacts(scene);
    return;
  }
  if ((scene.traitsAt(0) & Trait.afterComment) !== 0) scene.emit(Fact.commentAsSpace);
  if (isProseValue(kind)) findTautology(scene);
  else if (isComparison(kind)) findComparisonFacts(scene);
  else if (!isTagToken(kind)) findKeywordFacts(scene);
}

function findKeywordFacts(scene: Scene): void {
  const { kind } = scene;
  if (isQuote(kind)) findOperatorFacts(scene);
  findLiteralFacts(scene);
  if (isLogic(kind)) {
    if (isQuote(kindBefore(scene, scene.at))) scene.emit(Fact.quoteLogic);
    if (scene.previous === Kind.parenClose) scene.emit(Fact.quoteParenLogic);
  }
  const isJoin = kind === Kind.pipePipe || kind === Kind.plus;
  if (isJoin && (isQuote(scene.previous) || isQuote(scene.kindAt(1)))) scene.emit(Fact.quoteConcat);
  findTautology(scene);
  findStatementFacts(scene);
  findSelectFacts(scene);
  findChangeFacts(scene);
  findCallFacts(scene);
  findClauseFacts(scene);
}
