import type { CanonicalText } from "./canonicalise.ts";
import {
  collectFeatures,
  collectTextFacts,
  FAMILY_FEATURES,
  FEATURE_COUNT,
  FEATURES_PER_TOKEN_MAX,
} from "./collect-features.ts";
import { lex } from "./lex.ts";
import type { Model } from "./model.ts";
import { UNIT } from "./model.ts";
import { Scene } from "./scene.ts";
import { THREAT_TYPES } from "./threat-type.ts";
import type { TokenList } from "./token-list.ts";
import { createTokenList } from "./token-list.ts";

/** Tokens scored together. Prose folds into single tokens, so this spans more text than it seems. */
export const WINDOW_TOKENS = 32;
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

function takeToken(model: Model, text: CanonicalText, at: number): void {
  const slot = at % WINDOW_TOKENS;
  const first = slot * FEATURES_PER_TOKEN_MAX;
  scene.moveTo(at);
  const size = collectFeatures(text, scene, ring, first) - first;
  scene.leave();
  ringSizes[slot] = size;
  for (let i = 0; i < size; i++) addFeature(model.weights, ring[first + i] as number);
  work += size;
}

function startSums(model: Model, text: CanonicalText, isView: boolean): void {
  for (let head = 0; head < HEADS; head++) sums[head] = model.biases[head] as number;
  for (const fact of collectTextFacts(text, isView)) {
    for (let head = 0; head < HEADS; head++) {
      sums[head] = (sums[head] as number) + (model.weights[fact * HEADS + head] as number);
    }
  }
}

/** What the window at hand says; n-grams without a structural fact of the type stay below. */
function scoreOfWindow(model: Model, head: number): number {
  const score = (sums[head] as number) / UNIT;
  const hasFact = (counts[FAMILY_FEATURES[head] as number] as number) > 0;
  return hasFact ? score : Math.min(score, model.factlessScores[head] as number);
}

/**
 * Scores a canonical text under every head: the maximum over windows of tokens, updated as the
 * window slides, so the time is linear in the length. `isView` marks text decoded from base64.
 */
export function scoreText(model: Model, text: CanonicalText, isView: boolean): HeadScore[] {
  lex(text, tokens);
  scene.reset(tokens);
  startSums(model, text, isView);
  const best = THREAT_TYPES.map(() => ({ score: Number.NEGATIVE_INFINITY, first: 0, end: 0 }));
  const { count } = tokens;
  for (let at = 0; at < count; at++) {
    if (at >= WINDOW_TOKENS) dropToken(model.weights, at - WINDOW_TOKENS);
    takeToken(model, text, at);
    if (!isWindowEnd(at + 1, count)) continue;
    for (let head = 0; head < HEADS; head++) {
      const top = best[head] as HeadScore;
      const score = scoreOfWindow(model, head);
      if (score > top.score) {
        top.score = score;
        top.first = Math.max(0, at + 1 - WINDOW_TOKENS);
        top.end = at + 1;
      }
    }
  }
  for (let at = Math.max(0, count - WINDOW_TOKENS); at < count; at++) dropToken(model.weights, at);
  return best;
}

/** Tokens of the text scored last; valid until the next call. */
export function lastTokens(): TokenList {
  return tokens;
}
