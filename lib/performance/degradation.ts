import type { Baseline } from "./baseline.ts";
import { logMoments, tailCounts } from "./baseline.ts";
import type { Histogram } from "./histogram.ts";

/**
 * A cumulative sum of evidence (Page's CUSUM): for a degradation while there is none, against it
 * while there is one. It is reset at 0, so old calm does not delay an alarm.
 */
export interface Cusum {
  evidence: number;
  isDegraded: boolean;
  /** Since when there is evidence; the best guess of when a degradation began. */
  sinceMs?: number | undefined;
}

/** One detector for all calls getting slower, one for a few getting much slower. */
export interface Detectors {
  mean: Cusum;
  tail: Cusum;
}

export const calmDetectors = (): Detectors => ({
  mean: { evidence: 0, isDegraded: false },
  tail: { evidence: 0, isDegraded: false },
});

/** The shift of the mean logarithm that is looked for; a larger one is seen sooner. */
const slowdown = Math.log(1.2);
/** A change smaller than this many standard errors of the baseline could be the baseline's own error. */
const baselineErrors = 3;

/**
 * Log-likelihood ratios at which an alarm is raised and cleared. Chosen by `bench/detectors.ts` for
 * less than one false alarm in 30 days of both detectors of an operation together.
 */
export const raiseAt = 9;
export const clearAt = 5;

/** Feeds the detectors the calls of one period, which began at `startMs`. */
export function detectDegradation(
  detectors: Detectors,
  baseline: Baseline,
  calls: Histogram,
  startMs: number,
): Detectors {
  if (calls.total === 0) return detectors;
  return {
    mean: advance(detectors.mean, meanEvidence(baseline, calls), startMs),
    tail: advance(detectors.tail, tailEvidence(baseline, calls), startMs),
  };
}

/** Log-likelihood ratio of a shifted against an unshifted mean of normally distributed logarithms. */
function meanEvidence(baseline: Baseline, calls: Histogram): number {
  const { logMean, logDeviation, meanDispersion } = baseline;
  const variance = logDeviation ** 2 * meanDispersion;
  const shift = Math.max(slowdown, baselineErrors * Math.sqrt(variance / baseline.calls));
  const { mean } = logMoments(calls, baseline);
  return ((calls.total * shift) / variance) * (mean - logMean - shift / 2);
}

/** Log-likelihood ratio of the calls' spread over bulk and tail, degraded against usual. */
function tailEvidence(
  { tailBuckets, usualShares, degradedShares, tailDispersion }: Baseline,
  calls: Histogram,
): number {
  const [bulk, near, far] = tailCounts(calls, tailBuckets);
  const weight = (part: 0 | 1 | 2): number => Math.log(degradedShares[part] / usualShares[part]);
  return (bulk * weight(0) + near * weight(1) + far * weight(2)) / tailDispersion;
}

function advance(
  { evidence, isDegraded, sinceMs: before }: Cusum,
  forDegradation: number,
  startMs: number,
): Cusum {
  const sum = Math.max(0, evidence + (isDegraded ? -forDegradation : forDegradation));
  const sinceMs = evidence === 0 ? startMs : before;
  return sum > (isDegraded ? clearAt : raiseAt)
    ? { evidence: 0, isDegraded: !isDegraded, sinceMs }
    : { evidence: sum, isDegraded, sinceMs };
}
