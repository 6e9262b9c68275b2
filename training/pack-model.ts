import { deflateRawSync } from "node:zlib";
import type { Curve } from "../lib/threats/calibrate.ts";
import { FEATURE_COUNT, GRAM_OFFSET, TOKEN_OFFSET } from "../lib/threats/collect-features.ts";
import type { ModelFile } from "../lib/threats/model.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import type { Heads } from "./fit-heads.ts";

const HEADS = THREAT_TYPES.length;
const GROUPS = [0, TOKEN_OFFSET, GRAM_OFFSET, FEATURE_COUNT] as const;

/** Steps on either side of zero per group: n-grams are many, and each needs few. */
const STEPS = [127, 31, 31] as const;

/** Rounds the weights to int8 with one scale per group of features, and deflates them. */
export function packModel(
  heads: Heads,
  curves: readonly Curve[],
  threshold: number,
  version: string,
): ModelFile {
  const bytes = new Int8Array(FEATURE_COUNT * HEADS);
  const scales: number[] = [];
  for (let group = 0; group + 1 < GROUPS.length; group++) {
    const from = (GROUPS[group] as number) * HEADS;
    const to = (GROUPS[group + 1] as number) * HEADS;
    const largest = heads.weights
      .subarray(from, to)
      .reduce((top, w) => Math.max(top, Math.abs(w)), 0);
    const scale = largest === 0 ? 1 : largest / (STEPS[group] as number);
    scales.push(scale);
    for (let i = from; i < to; i++) bytes[i] = Math.round((heads.weights[i] as number) / scale);
  }
  return {
    version,
    threshold,
    biases: heads.biases,
    scales,
    calibration: curves.map((curve) => curve.map(([score, rate]) => [score, rate])),
    weights: deflateRawSync(bytes, { level: 9 }).toString("base64"),
  };
}
