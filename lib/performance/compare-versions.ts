import type { Histogram } from "./histogram.ts";
import { middleOf } from "./histogram.ts";
import type { Estimate } from "./quantile-interval.ts";
import { estimateQuantile } from "./quantile-interval.ts";
import type { Rollup } from "./rollup.ts";
import { mergeRollups } from "./rollup.ts";

/** What a version changed against the one before it. */
export interface VersionChange {
  version: string;
  previousVersion: string;
  /** Change of the typical latency (geometric mean), and the 95 % interval it lies in. */
  changePercent: number;
  lowPercent: number;
  highPercent: number;
  /** The whole interval lies above zero. */
  isWorse: boolean;
  p99Ms: Estimate;
  previousP99Ms: Estimate;
}

const z95 = 1.96;
/** Fewer calls of either version compare nothing. */
const callsMin = 20;

/** Compares the version that appeared last with the one before; undefined where there is no such. */
export function compareVersions(rollups: readonly Rollup[]): VersionChange | undefined {
  const byVersion = Map.groupBy(rollups, ({ version }) => version);
  // Rollups come oldest first, so versions lie in the order in which they appeared.
  const [before, current] = [...byVersion.values()].slice(-2).map(mergeRollups);
  if (!before || !current) return undefined;
  const [old, fresh] = [before.series.latency, current.series.latency];
  const [previousP99Ms, p99Ms] = [estimateQuantile(old, 0.99), estimateQuantile(fresh, 0.99)];
  if (old.total < callsMin || fresh.total < callsMin || !p99Ms || !previousP99Ms) return undefined;
  const [oldLogs, freshLogs] = [logsOf(old), logsOf(fresh)];
  const difference = freshLogs.mean - oldLogs.mean;
  const reach = z95 * Math.sqrt(freshLogs.variance / fresh.total + oldLogs.variance / old.total);
  return {
    version: current.version,
    previousVersion: before.version,
    changePercent: toPercent(difference),
    lowPercent: toPercent(difference - reach),
    highPercent: toPercent(difference + reach),
    isWorse: difference - reach > 0,
    p99Ms,
    previousP99Ms,
  };
}

const toPercent = (logChange: number): number => 100 * (Math.exp(logChange) - 1);

function logsOf(histogram: Histogram): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (const [bucket, count] of histogram.entries()) {
    const log = Math.log(middleOf(bucket));
    sum += count * log;
    squares += count * log * log;
  }
  const mean = sum / histogram.total;
  return { mean, variance: Math.max(0, squares / histogram.total - mean * mean) };
}
