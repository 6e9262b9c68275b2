import type { Histogram } from "./histogram.ts";

/** An estimate with the interval that holds the true value 95 times of 100. */
export interface Estimate {
  value: number;
  low: number;
  /** Absent where the sample is too small for any upper bound. */
  high?: number | undefined;
}

const z95 = 1.96;
/** From here on the binomial is close enough to a normal distribution. */
const normalFrom = 5_000;

/**
 * A quantile with its distribution-free 95 % interval from order statistics: the number of samples
 * below the true quantile is binomial, so two ranks enclose it whatever the shape of the latencies.
 */
export function estimateQuantile(histogram: Histogram, quantile: number): Estimate | undefined {
  const value = histogram.quantile(quantile);
  if (value === undefined) return undefined;
  const { lowRank, highRank } = enclosingRanks(histogram.total, quantile);
  return {
    value,
    low: (lowRank >= 1 ? histogram.valueAtRank(lowRank) : undefined) ?? 0,
    high: highRank <= histogram.total ? histogram.valueAtRank(highRank) : undefined,
  };
}

/** Ranks that leave at most 2.5 % on each side; `highRank` may lie beyond the sample. */
export function enclosingRanks(
  total: number,
  quantile: number,
): { lowRank: number; highRank: number } {
  if (total >= normalFrom) {
    const middle = total * quantile;
    const spread = z95 * Math.sqrt(total * quantile * (1 - quantile));
    return { lowRank: Math.floor(middle - spread), highRank: Math.ceil(middle + spread) + 1 };
  }
  let lowRank = 0;
  let cumulative = 0;
  for (let below = 0; below <= total; below++) {
    cumulative += binomial(total, below, quantile);
    if (cumulative <= 0.025) lowRank = below + 1;
    if (cumulative >= 0.975) return { lowRank, highRank: below + 1 };
  }
  return { lowRank, highRank: total + 1 };
}

/** Probability of `successes` in `total` tries, by logarithms so that nothing under- or overflows. */
function binomial(total: number, successes: number, probability: number): number {
  const log =
    logFactorial(total) -
    logFactorial(successes) -
    logFactorial(total - successes) +
    successes * Math.log(probability) +
    (total - successes) * Math.log(1 - probability);
  return Math.exp(log);
}

const logFactorials = [0];

function logFactorial(number: number): number {
  for (let next = logFactorials.length; next <= number; next++) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[number] ?? 0;
}
