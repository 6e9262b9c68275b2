import type { CanonicalText } from "./canonicalise.ts";
import { Mark } from "./canonicalise.ts";
import { Class, classOf } from "./character-class.ts";
import { FAMILIES_OF_FACT, FAMILY_FEATURES } from "./fact-families.ts";
import { FACT_SPACE, Fact } from "./fact-names.ts";
import type { Scene } from "./scene.ts";
import { Kind } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";

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

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function isProse(kind: number): boolean {
  return kind <= Kind.url && kind !== Kind.identifier && kind !== Kind.hex;
}

function addFacts(scene: Scene, ids: Int32Array, token: number, at: number): number {
  let size = at;
  const count = scene.factCountOf(token);
  for (let i = 0; i < count; i++) {
    const fact = scene.factOf(token, i);
    ids[size++] = fact;
    const families = FAMILIES_OF_FACT[fact] as number;
    for (let family = 0; families >> family !== 0; family++) {
      if (((families >> family) & 1) === 1) ids[size++] = FAMILY_FEATURES[family] as number;
    }
  }
  return size;
}

function addTokenGrams(tokens: TokenList, ids: Int32Array, token: number, at: number): number {
  let size = at;
  let hash = 0;
  for (let back = 0; back < TOKEN_GRAM_MAX; back++) {
    const index = token - back;
    if (index < -1) break;
    hash = mix(hash + back, index < 0 ? 255 : (tokens.kinds[index] as number));
    ids[size++] = TOKEN_OFFSET + ((hash >>> 8) & (TOKEN_SPACE - 1));
  }
  return size;
}

/** The word itself, alone and after its neighbour: `sleep` and `select` weigh differently. */
function addWordGrams(tokens: TokenList, ids: Int32Array, token: number, at: number): number {
  const hash = mix(tokens.hashes[token] as number, 7);
  const previous = token === 0 ? Kind.end : (tokens.kinds[token - 1] as number);
  ids[at] = GRAM_OFFSET + ((hash >>> 8) & (GRAM_SPACE - 1));
  ids[at + 1] = GRAM_OFFSET + ((mix(hash, previous + 1) >>> 8) & (GRAM_SPACE - 1));
  return at + 2;
}

function addCharacterGrams(
  { codes }: CanonicalText,
  tokens: TokenList,
  ids: Int32Array,
  token: number,
  at: number,
): number {
  const start = tokens.starts[token] as number;
  const end = Math.min(tokens.ends[token] as number, start + CHARACTERS_PER_TOKEN_MAX);
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
 * Writes the features that a token completes into `ids` from `at` on and returns where they end: at
 * most `FEATURES_PER_TOKEN_MAX` more. `scene` must hold the facts of the token.
 */
export function collectFeatures(
  text: CanonicalText,
  scene: Scene,
  token: number,
  ids: Int32Array,
  at: number,
): number {
  const { tokens } = scene;
  const kind = tokens.kinds[token] as number;
  let size = addFacts(scene, ids, token, at);
  size = addTokenGrams(tokens, ids, token, size);
  if (isProse(kind)) return size;
  if (kind >= Kind.logic) return addWordGrams(tokens, ids, token, size);
  return addCharacterGrams(text, tokens, ids, token, size);
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
