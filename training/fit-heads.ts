import { FEATURE_COUNT, GRAM_OFFSET } from "../lib/threats/collect-features.ts";
import { FACT_SPACE } from "../lib/threats/fact-names.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import type { Example } from "./build-examples.ts";
import type { Window } from "./extract-windows.ts";
import { RandomSource } from "./generate/random-source.ts";

/** Floating-point weights as fitted, before they are packed. */
export type Heads = { weights: Float64Array; biases: number[] };

/** What the fit may be told. */
export type FitOptions = { epochs: number; seed: number };

const HEADS = THREAT_TYPES.length;
/** Shrinkage per group: facts are trusted, hashed characters must earn their weight. */
const SHRINK = [2e-6, 2e-5, 6e-5] as const;
const RATE = [0.25, 0.12, 0.06] as const;
const SOURCES_MIN = 2;
const EXAMPLES_MIN = 4;

function groupOf(feature: number): 0 | 1 | 2 {
  if (feature < FACT_SPACE) return 0;
  return feature < GRAM_OFFSET ? 1 : 2;
}

/** Features seen in enough examples of at least two sources: the rest would only be remembered. */
function keptFeatures(examples: readonly Example[]): Uint8Array {
  const counts = new Uint32Array(FEATURE_COUNT);
  const firstSource = new Array<string | undefined>(FEATURE_COUNT);
  const sources = new Uint8Array(FEATURE_COUNT);
  for (const { windows, source } of examples) {
    for (const { ids } of windows) {
      for (const id of ids) {
        counts[id] = (counts[id] as number) + 1;
        if (firstSource[id] === undefined) {
          firstSource[id] = source;
          sources[id] = 1;
        } else if (firstSource[id] !== source) sources[id] = 2;
      }
    }
  }
  const kept = new Uint8Array(FEATURE_COUNT);
  for (let id = 0; id < FEATURE_COUNT; id++) {
    const isCommon =
      (counts[id] as number) >= EXAMPLES_MIN && (sources[id] as number) >= SOURCES_MIN;
    kept[id] = id < FACT_SPACE || isCommon ? 1 : 0;
  }
  return kept;
}

/** Weight of each example per head: sources count by the square root of their size, classes evenly. */
function exampleWeights(examples: readonly Example[]): Float64Array {
  const sizes = new Map<string, number>();
  for (const { label, source } of examples) {
    const key = `${label} ${source}`;
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  const raw = examples.map(
    ({ label, source }) => (sizes.get(`${label} ${source}`) as number) ** -0.4,
  );
  const totals = new Map<string, number>();
  for (const [i, { label }] of examples.entries()) {
    totals.set(label, (totals.get(label) ?? 0) + (raw[i] as number));
  }
  const share: Readonly<Record<string, number>> = { benign: 2, benign_hard: 3 };
  return Float64Array.from(raw, (weight, i) => {
    const { label } = examples[i] as Example;
    return ((weight / (totals.get(label) as number)) * (share[label] ?? 1.2) * examples.length) / 8;
  });
}

/**
 * The window that scores highest under `head`, of those that hold a fact of it: an attack shows in one
 * place, calm text in none. Without such a window there is nothing to learn or to score.
 */
function worstWindow(
  { weights, biases }: Heads,
  windows: readonly Window[],
  head: number,
): { window: Window | undefined; score: number } {
  let worst: Window | undefined;
  let top = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    if ((window.heads & (1 << head)) === 0) continue;
    let score = biases[head] as number;
    for (const id of window.ids) score += weights[id * HEADS + head] as number;
    if (score > top) {
      top = score;
      worst = window;
    }
  }
  return { window: worst, score: top };
}

class Fitter {
  readonly weights = new Float64Array(FEATURE_COUNT * HEADS);
  readonly biases = new Array<number>(HEADS).fill(-4);
  private readonly squares = new Float64Array(FEATURE_COUNT * HEADS).fill(1e-2);
  private readonly biasSquares = new Array<number>(HEADS).fill(1);
  private readonly kept: Uint8Array;

  constructor(kept: Uint8Array) {
    this.kept = kept;
  }

  learn(example: Example, head: number, target: number, weight: number): void {
    const { window, score } = worstWindow(this, example.windows, head);
    if (window === undefined) return;
    const probability = 1 / (1 + Math.exp(-score));
    const gradient = (probability - target) * weight;
    if (Math.abs(gradient) < 1e-4) return;
    const { weights, squares, kept } = this;
    for (const id of window.ids) {
      if (kept[id] === 0) continue;
      const at = id * HEADS + head;
      const group = groupOf(id);
      const square = (squares[at] as number) + gradient * gradient;
      squares[at] = square;
      const step = RATE[group] / Math.sqrt(square);
      const shrunk = (weights[at] as number) * (1 - Math.min(0.5, step * SHRINK[group] * 100));
      weights[at] = shrunk - step * gradient;
    }
    const square = (this.biasSquares[head] as number) + gradient * gradient;
    this.biasSquares[head] = square;
    this.biases[head] = (this.biases[head] as number) - (0.1 / Math.sqrt(square)) * gradient;
  }
}

/**
 * Fits one logistic head per threat type with Adagrad and averages the later half of the epochs,
 * which steadies rare features; deterministic for a given seed.
 */
export function fitHeads(examples: readonly Example[], options: FitOptions): Heads {
  const fitter = new Fitter(keptFeatures(examples));
  const weights = exampleWeights(examples);
  const order = examples.map((_, index) => index);
  const r = new RandomSource(options.seed);
  const mean = new Float64Array(fitter.weights.length);
  const meanBiases = new Array<number>(HEADS).fill(0);
  const averaged = Math.ceil(options.epochs / 2);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const index of r.shuffle(order)) {
      const example = examples[index] as Example;
      const isAttack = example.types.length > 0;
      for (let head = 0; head < HEADS; head++) {
        const isTarget = example.types.includes(
          THREAT_TYPES[head] as (typeof THREAT_TYPES)[number],
        );
        // Another attack is a weak counter-example: many payloads are honest members of two classes.
        const factor = isTarget || !isAttack ? 1 : 0.15;
        fitter.learn(example, head, isTarget ? 1 : 0, (weights[index] as number) * factor);
      }
    }
    if (epoch < options.epochs - averaged) continue;
    for (let i = 0; i < mean.length; i++)
      mean[i] = (mean[i] as number) + (fitter.weights[i] as number) / averaged;
    for (let head = 0; head < HEADS; head++) {
      meanBiases[head] = (meanBiases[head] as number) + (fitter.biases[head] as number) / averaged;
    }
  }
  return { weights: mean, biases: meanBiases };
}

/** Highest score of any window under `head`, `-Infinity` without a fact of it. */
export function scoreExample(heads: Heads, windows: readonly Window[], head: number): number {
  return worstWindow(heads, windows, head).score;
}
