import type { CanonicalText } from "./canonicalise.ts";
import {
  collectFeatures,
  collectTextFacts,
  FEATURE_COUNT,
  FEATURES_PER_TOKEN_MAX,
} from "./collect-features.ts";
import { findFacts } from "./find-facts.ts";
import { lex } from "./lex.ts";
import type { Model } from "./model.ts";
import { UNIT } from "./model.ts";
import { Scene, WINDOW_TOKENS } from "./scene.ts";
import { THREAT_TYPES } from "./threat-type.ts";
import type { TokenList } from "./token-list.ts";
import { createTokenList } from "./token-list.ts";

const STRIDE_TOKENS = 8;
const HEADS = THREAT_TYPES.length;

/** True when a window ends with the token before `end`: every stride once full, and at the end. */
export function isWindowEnd(end: number, count: number): boolean {
  return end === count || (end >= WINDOW_TOKENS && end % STRIDE_TOKENS === 0);
}

/** Best window of one head: its score (log-odds before calibration) and its token range. */
export type HeadScore = { score: number; first: number; end: number };

const tokens: TokenList = createTokenList(2048);
const scene = new Scene(tokens);
const counts = new Uint16Array(FEATURE_COUNT);
const ring = new Int32Array(WINDOW_TOKENS * FEATURES_PER_TOKEN_MAX);
const ringSizes = new Uint8Array(WINDOW_TOKENS);
const sums = new Int32Array(HEADS);
/** The tokens whose features are in `sums` at the moment: `summedFrom` to before `summedEnd`. */
let summedFrom = 0;
let summedEnd = 0;
let work = 0;

/** Features added and removed since the start: what the linear-time tests count instead of time. */
export function countedWork(): number {
  return work;
}

function addFeature(weights: Int32Array, id: number): void {
  const seen = counts[id] as number;
  counts[id] = seen + 1;
  if (seen > 0) return;
  for (let head = 0; head < HEADS; head++) {
    sums[head] = (sums[head] as number) + (weights[id * HEADS + head] as number);
  }
}

function removeFeature(weights: Int32Array, id: number): void {
  const left = (counts[id] as number) - 1;
  counts[id] = left;
  if (left > 0) return;
  for (let head = 0; head < HEADS; head++) {
    sums[head] = (sums[head] as number) - (weights[id * HEADS + head] as number);
  }
}

function dropToken(weights: Int32Array, at: number): void {
  const slot = at % WINDOW_TOKENS;
  const first = slot * FEATURES_PER_TOKEN_MAX;
  const size = ringSizes[slot] as number;
  for (let i = 0; i < size; i++) removeFeature(weights, ring[first + i] as number);
  work += size;
}

function takeToken(weights: Int32Array, text: CanonicalText, at: number): void {
  const slot = at % WINDOW_TOKENS;
  const first = slot * FEATURES_PER_TOKEN_MAX;
  const size = collectFeatures(text, scene, at, ring, first) - first;
  ringSizes[slot] = size;
  for (let i = 0; i < size; i++) addFeature(weights, ring[first + i] as number);
  work += size;
}

/** Makes `sums` those of the tokens from `first` to before `end`; both only ever grow. */
function slideTo(weights: Int32Array, text: CanonicalText, first: number, end: number): void {
  for (let at = summedFrom; at < Math.min(first, summedEnd); at++) dropToken(weights, at);
  for (let at = Math.max(first, summedEnd); at < end; at++) takeToken(weights, text, at);
  summedFrom = first;
  summedEnd = end;
}

function startSums(model: Model, text: CanonicalText, isView: boolean): void {
  for (let head = 0; head < HEADS; head++) sums[head] = model.biases[head] as number;
  for (const fact of collectTextFacts(text, isView)) {
    for (let head = 0; head < HEADS; head++) {
      sums[head] = (sums[head] as number) + (model.weights[fact * HEADS + head] as number);
    }
  }
  summedFrom = 0;
  summedEnd = 0;
}

/** Keeps the window from `first` to before `end` for every head it is the best of. */
function judgeWindow(best: readonly HeadScore[], first: number, end: number): void {
  for (let head = 0; head < HEADS; head++) {
    if (scene.lastOfFamily(head) < first) continue;
    const top = best[head] as HeadScore;
    const score = (sums[head] as number) / UNIT;
    if (score > top.score) {
      top.score = score;
      top.first = first;
      top.end = end;
    }
  }
}

/**
 * Scores a canonical text under every head: the maximum over windows of tokens, updated as the
 * window slides, so the time is linear in the length. Only windows with a structural fact of the
 * head's family are scored: n-grams say how to read a fact, they are none. A head without such a
 * window keeps `-Infinity`. `isView` marks text decoded from base64.
 */
export function scoreText(model: Model, text: CanonicalText, isView: boolean): HeadScore[] {
  const { weights } = model;
  lex(text, tokens);
  scene.reset(tokens, text);
  const best = THREAT_TYPES.map(() => ({ score: Number.NEGATIVE_INFINITY, first: 0, end: 0 }));
  const { count } = tokens;
  let isStarted = false;
  for (let at = 0; at < count; at++) {
    findFacts(scene, at);
    if (!isWindowEnd(at + 1, count)) continue;
    const first = Math.max(0, at + 1 - WINDOW_TOKENS);
    if (scene.lastFact < first) continue;
    if (!isStarted) startSums(model, text, isView);
    isStarted = true;
    slideTo(weights, text, first, at + 1);
    judgeWindow(best, first, at + 1);
  }
  if (isStarted) slideTo(weights, text, count, count);
  return best;
}

/** Tokens of the text scored last; valid until the next call. */
export function lastTokens(): TokenList {
  return tokens;
}
