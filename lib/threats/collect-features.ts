import type { CanonicalText } from "./canonicalise.ts";
import { Mark } from "./canonicalise.ts";
import { Class, classOf } from "./character-class.ts";
import { FACT_SPACE, Fact } from "./fact-names.ts";
import { findCommandFacts } from "./find-command-facts.ts";
import { findMarkupFacts } from "./find-markup-facts.ts";
import { findQueryFacts } from "./find-query-facts.ts";
import { findSqlFacts } from "./find-sql-facts.ts";
import type { Scene } from "./scene.ts";
import { Kind } from "./token-kinds.ts";

/** Feature numbers: facts first, then hashed token n-grams, then hashed character n-grams. */
export const TOKEN_SPACE = 1 << 13;
export const GRAM_SPACE = 1 << 13;
export const TOKEN_OFFSET = FACT_SPACE;
export const GRAM_OFFSET = FACT_SPACE + TOKEN_SPACE;
export const FEATURE_COUNT = FACT_SPACE + TOKEN_SPACE + GRAM_SPACE;

/** Features one token contributes at most. */
export const FEATURES_PER_TOKEN_MAX = 64;

const TOKEN_GRAM_MAX = 4;
const CHARACTERS_PER_TOKEN_MAX = 14;

/**
 * One feature per family of facts, set when any of them holds: n-grams alone, without a structural
 * fact, should not add up to an attack.
 */
const FAMILY_STARTS = [
  Fact.unionSelect,
  Fact.activeTag,
  Fact.mongoKey,
  Fact.separatorCommand,
  Fact.oneLayer,
];
const ORDINARY_FACTS = new Set<number>([
  Fact.plainTag,
  Fact.plainAttribute,
  Fact.unknownTag,
  Fact.sinkMention,
  Fact.commandInProse,
  Fact.staticCall,
  Fact.sqlCall,
]);
/** Feature number of each family, in the order of the model's heads, then obfuscation. */
export const FAMILY_FEATURES = FAMILY_STARTS.map((_, family) => FACT_SPACE - 1 - family);
const SCRIPT = 3;
const familyOf = new Uint8Array(FACT_SPACE);
for (let fact = 0; fact < FACT_SPACE; fact++) {
  const family = FAMILY_STARTS.findLastIndex((start) => fact >= start);
  if (!ORDINARY_FACTS.has(fact)) familyOf[fact] = FACT_SPACE - 1 - family;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function isProse(kind: number): boolean {
  return kind <= Kind.url && kind !== Kind.identifier && kind !== Kind.hex;
}

function addTokenGrams(scene: Scene, ids: Int32Array, at: number): number {
  let size = at;
  let hash = 0;
  for (let back = 0; back < TOKEN_GRAM_MAX; back++) {
    const index = scene.at - back;
    if (index < -1) break;
    hash = mix(hash + back, index < 0 ? 255 : (scene.tokens.kinds[index] as number));
    ids[size++] = TOKEN_OFFSET + ((hash >>> 8) & (TOKEN_SPACE - 1));
  }
  return size;
}

/** The word itself, alone and after its neighbour: `sleep` and `select` weigh differently. */
function addWordGrams(scene: Scene, ids: Int32Array, at: number): number {
  const hash = mix(scene.hashAt(0), 7);
  ids[at] = GRAM_OFFSET + ((hash >>> 8) & (GRAM_SPACE - 1));
  ids[at + 1] = GRAM_OFFSET + ((mix(hash, scene.previous + 1) >>> 8) & (GRAM_SPACE - 1));
  return at + 2;
}

function addCharacterGrams(text: CanonicalText, scene: Scene, ids: Int32Array, at: number): number {
  const { codes } = text;
  const start = scene.tokens.starts[scene.at] as number;
  const end = Math.min(scene.tokens.ends[scene.at] as number, start + CHARACTERS_PER_TOKEN_MAX);
  let size = at;
  for (let i = start; i < end; i++) {
    let hash = 3;
    for (let back = 2; back >= 0; back--) {
      const code = i < back ? 0 : (codes[i - back] as number);
      hash = mix(hash, classOf(code) === Class.digit ? 0x30 : code);
    }
    ids[size++] = GRAM_OFFSET + ((hash >>> 8) & (GRAM_SPACE - 1));
  }
  return size;
}

/**
 * Writes the features that the token under the cursor of `scene` completes into `ids` from `at`
 * on and returns where they end: at most `FEATURES_PER_TOKEN_MAX` more.
 */
export function collectFeatures(
  text: CanonicalText,
  scene: Scene,
  ids: Int32Array,
  at: number,
): number {
  let size = at;
  scene.isDisguised = (text.marks & Mark.needless) !== 0;
  findSqlFacts(scene);
  findMarkupFacts(scene);
  findQueryFacts(scene);
  findCommandFacts(scene);
  for (let i = 0; i < scene.factCount; i++) {
    const fact = scene.facts[i] as number;
    ids[size++] = fact;
    const family = familyOf[fact] as number;
    if (family !== 0) ids[size++] = family;
    // Polluting a prototype is an attack on queries and on code alike.
    if (fact === Fact.pollutionKey) ids[size++] = FAMILY_FEATURES[SCRIPT] as number;
  }
  size = addTokenGrams(scene, ids, size);
  if (isProse(scene.kind)) return size;
  if (scene.kind >= Kind.logic) return addWordGrams(scene, ids, size);
  return addCharacterGrams(text, scene, ids, size);
}

/** Facts about the whole text: how it was hidden. */
export function collectTextFacts(text: CanonicalText, isView: boolean): readonly number[] {
  const facts: number[] = [];
  const { layers, marks } = text;
  if (layers === 1) facts.push(Fact.oneLayer);
  else if (layers === 2) facts.push(Fact.twoLayers);
  else if (layers > 2) facts.push(Fact.manyLayers);
  const encodings = marks & (Mark.percent | Mark.entity | Mark.backslash);
  if ((encodings & (encodings - 1)) !== 0) facts.push(Fact.mixedEncodings);
  if ((marks & Mark.invisible) !== 0) facts.push(Fact.invisibleCharacters);
  if ((marks & Mark.lookAlike) !== 0) facts.push(Fact.lookAlikes);
  if ((marks & Mark.needless) !== 0) facts.push(Fact.needlessEscape);
  if (isView) facts.push(Fact.hiddenBase64);
  return facts;
}
