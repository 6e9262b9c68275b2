import { Histogram, middleOf } from "./histogram.ts";

/** How an operation behaves when nothing is wrong; what the detectors hold new calls against. */
export interface Baseline {
  calls: number;
  /** Mean and standard deviation of the natural logarithm of the latency, outliers pulled in. */
  logMean: number;
  logDeviation: number;
  /** Logarithms beyond this distance from `logCenter` count as if they were at it. */
  logCenter: number;
  logReach: number;
  /** Upper buckets of the bulk and of the near tail: the p95 and the p99. */
  tailBuckets: readonly [p95: number, p99: number];
  /** Shares of calls in bulk, near and far tail: as they are, and if 4 % of calls took 6 times as long. */
  usualShares: Shares;
  degradedShares: Shares;
  /** How much more the hourly means vary than independent calls would make them; at least 1. */
  meanDispersion: number;
  tailDispersion: number;
}

export type Shares = readonly [bulk: number, near: number, far: number];

/** The degradation of a few calls that the tail detector is tuned for. */
const slowShare = 0.04;
const slowFactor = 6;
/** A share that grew by fewer standard errors of the baseline could be the baseline's own error. */
const baselineErrors = 3;

/** What is needed before a baseline means anything. */
const callsMin = 200;
const periodsMin = 8;
/** Latencies closer together than this are not held to be that regular. */
const logDeviationMin = 0.1;
const reachInDeviations = 3;
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const normalConsistency = 1.4826;

/**
 * The baseline of past periods (one histogram each), robust against some bad ones among them: the
 * centre is their median, the spread their median absolute deviation. Undefined where too little was
 * seen.
 */
export function toBaseline(periods: readonly Histogram[]): Baseline | undefined {
  const used = periods.filter(({ total }) => total > 0);
  const pooled = new Histogram();
  for (const period of used) pooled.merge(period);
  if (pooled.total < callsMin || used.length < periodsMin) return undefined;

  const at = (quantile: number): number => Math.log(pooled.quantile(quantile) ?? 1);
  const logCenter = at(0.5);
  const logReach = reachInDeviations * Math.max(logDeviationMin, (at(0.841) - at(0.159)) / 2);
  const shape = { logCenter, logReach };
  const means = used.map((period) => logMoments(period, shape).mean);
  const logMean = median(means);
  const logDeviation = Math.max(logDeviationMin, logMoments(pooled, shape).deviation);

  const tailBuckets = [bucketAt(pooled, 0.95), bucketAt(pooled, 0.99)] as const;
  const usualShares = toShares(tailCounts(pooled, tailBuckets), pooled.total);
  const tailShare = 1 - usualShares[0];
  const tailDeviation = Math.sqrt(tailShare * (1 - tailShare));
  const meanResiduals = used.map(
    ({ total }, index) => (((means[index] ?? logMean) - logMean) * Math.sqrt(total)) / logDeviation,
  );
  const tailResiduals = used.map(
    (period) =>
      ((period.countAbove(tailBuckets[0]) / period.total - tailShare) * Math.sqrt(period.total)) /
      tailDeviation,
  );
  return {
    calls: pooled.total,
    logMean,
    logDeviation,
    ...shape,
    tailBuckets,
    usualShares,
    degradedShares: degrade(pooled, tailBuckets, usualShares),
    meanDispersion: dispersion(meanResiduals),
    tailDispersion: dispersion(tailResiduals),
  };
}

/** How many calls lie in bulk, near and far tail. */
export function tailCounts(
  histogram: Histogram,
  [p95, p99]: Baseline["tailBuckets"],
): [bulk: number, near: number, far: number] {
  const aboveBulk = histogram.countAbove(p95);
  const far = histogram.countAbove(p99);
  return [histogram.total - aboveBulk, aboveBulk - far, far];
}

/** Never zero, so that a first call where none was before is weighed, not held impossible. */
const toShares = ([bulk, near, far]: Shares, total: number): Shares => [
  (bulk + 0.5) / (total + 1.5),
  (near + 0.5) / (total + 1.5),
  (far + 0.5) / (total + 1.5),
];

/** The shares if some of the same calls took much longer. */
function degrade(pooled: Histogram, tailBuckets: Baseline["tailBuckets"], usual: Shares): Shares {
  const slowed = new Histogram();
  for (const [bucket, count] of pooled.entries()) {
    slowed.add(middleOf(bucket) * slowFactor, count);
  }
  const slow = toShares(tailCounts(slowed, tailBuckets), pooled.total);
  const [near, far] = ([1, 2] as const).map((part) => {
    const mixed = (1 - slowShare) * usual[part] + slowShare * slow[part];
    const error = Math.sqrt((usual[part] * (1 - usual[part])) / pooled.total);
    return Math.max(mixed, part === 2 ? usual[part] + baselineErrors * error : 0);
  }) as [number, number];
  return [1 - near - far, near, far];
}

/** Mean and standard deviation of the logarithms, those out of reach pulled in. */
export function logMoments(
  histogram: Histogram,
  { logCenter, logReach }: Pick<Baseline, "logCenter" | "logReach">,
): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const [bucket, count] of histogram.entries()) {
    const offset = Math.log(middleOf(bucket)) - logCenter;
    const log = logCenter + Math.max(-logReach, Math.min(logReach, offset));
    sum += log * count;
    squares += log * log * count;
  }
  const mean = sum / histogram.total;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / histogram.total - mean * mean)) };
}

/** Squared robust spread of standardised residuals: 1 where calls are independent. */
const dispersion = (residuals: readonly number[]): number =>
  Math.max(1, (normalConsistency * median(residuals.map(Math.abs))) ** 2);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function bucketAt(histogram: Histogram, quantile: number): number {
  let seen = 0;
  for (const [bucket, count] of histogram.entries()) {
    seen += count;
    if (seen >= quantile * histogram.total) return bucket;
  }
  return 0;
}
