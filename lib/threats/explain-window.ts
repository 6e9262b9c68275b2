import type { CanonicalText } from "./canonicalise.ts";
import { collectFeatures, collectTextFacts, FEATURES_PER_TOKEN_MAX } from "./collect-features.ts";
import type { FactName } from "./fact-names.ts";
import { FACT_NAMES } from "./fact-names.ts";
import { FACT_REASONS } from "./fact-reasons.ts";
import { findFacts } from "./find-facts.ts";
import type { Model } from "./model.ts";
import { Scene } from "./scene.ts";
import type { HeadScore } from "./score-text.ts";
import { THREAT_TYPES } from "./threat-type.ts";
import { Kind } from "./token-kinds.ts";
import type { TokenList } from "./token-list.ts";

/** Why and where: the facts that weighed most, and the units of the original they stand in. */
export type Explanation = { reasons: string[]; facts: FactName[]; start: number; end: number };

const REASONS_MAX = 4;
/** A token is part of the span when it adds at least this share of the strongest token's weight. */
const SPAN_SHARE = 0.15;
const HEADS = THREAT_TYPES.length;

function reasonsOf(weights: ReadonlyMap<number, number>): FactName[] {
  return [...weights]
    .filter(([, weight]) => weight > 0)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([fact]) => FACT_NAMES[fact] as FactName);
}

/**
 * Goes through the best window of one head again and says what made it score: called for findings
 * only. The span runs from the first to the last token that added noticeably to the score.
 */
export function explainWindow(
  model: Model,
  text: CanonicalText,
  tokens: TokenList,
  best: HeadScore,
  head: number,
  isView: boolean,
): Explanation {
  const scene = new Scene(tokens);
  scene.reset(tokens, text);
  const ids = new Int32Array(FEATURES_PER_TOKEN_MAX);
  const seen = new Set<number>();
  const weights = new Map<number, number>();
  const note = (id: number) => {
    const weight = seen.has(id) ? 0 : (model.weights[id * HEADS + head] as number);
    seen.add(id);
    if (id < FACT_NAMES.length && weight !== 0) weights.set(id, weight);
    return Math.max(0, weight);
  };
  for (const fact of collectTextFacts(text, isView)) note(fact);
  const gains: number[] = [];
  for (let at = 0; at < best.end; at++) {
    findFacts(scene, at);
    const size = at < best.first ? 0 : collectFeatures(text, scene, at, ids, 0);
    let gain = 0;
    for (let i = 0; i < size; i++) gain += note(ids[i] as number);
    gains.push(gain);
  }
  const floor = Math.max(...gains.slice(best.first)) * SPAN_SHARE;
  const first = gains.findIndex((gain) => gain > 0 && gain >= floor);
  const last = gains.findLastIndex((gain) => gain > 0 && gain >= floor);
  const facts = reasonsOf(weights);
  return {
    facts,
    reasons: facts.slice(0, REASONS_MAX).map((name) => FACT_REASONS[name]),
    ...spanOf(text, tokens, first < 0 ? best.first : first, last < 0 ? best.end - 1 : last),
  };
}

/** Facts look back, so the span starts a few tokens before the first that completed one. */
const LOOK_BACK_TOKENS = 2;

/** Where the span starts: a few tokens earlier, but not inside the prose before the attack. */
function startOf(tokens: TokenList, first: number, last: number): number {
  if (tokens.kinds[first] === Kind.phrase && first < last) return first + 1;
  let from = first;
  while (from > 0 && first - from < LOOK_BACK_TOKENS) {
    const kind = tokens.kinds[from - 1] as number;
    if (kind === Kind.phrase || kind === Kind.dot) break;
    from--;
  }
  return from;
}

/** Where the span ends: closing brackets, quotes and separators that touch its end belong to it. */
function endOf(tokens: TokenList, last: number): number {
  const { kinds, starts, ends, count } = tokens;
  let at = last;
  while (at + 1 < count && starts[at + 1] === ends[at]) {
    const kind = kinds[at + 1] as number;
    if (kind <= Kind.url || kind >= Kind.dollarBrace) break;
    at++;
  }
  return at;
}

function spanOf(text: CanonicalText, tokens: TokenList, first: number, last: number) {
  const from = startOf(tokens, first, last);
  const start = text.origins[tokens.starts[from] as number] as number;
  const end = text.origins[tokens.ends[endOf(tokens, last)] as number] as number;
  return { start, end: Math.max(start, end) };
}
