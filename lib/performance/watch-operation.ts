import { toRfc3339 } from "../clock.ts";
import type { Evidence, Watch } from "./alert.ts";
import type { BudgetAssessment } from "./assess-budget.ts";
import type { Baseline } from "./baseline.ts";
import { logMoments, tailCounts, toBaseline } from "./baseline.ts";
import type { Cusum, Detectors } from "./degradation.ts";
import { calmDetectors, detectDegradation } from "./degradation.ts";
import { Histogram } from "./histogram.ts";
import type { Rollup } from "./rollup.ts";
import { hourMs, sliceMs, startOf } from "./rollup.ts";
import { rounded } from "./rounded.ts";

const dayMs = 24 * hourMs;
const baselineMs = 14 * dayMs;
const baselineLifetimeMs = dayMs;
/** Lines of a slice may still be on their way for a moment after its end. */
const latenessMs = 60_000;

export interface Observed {
  operation: string;
  previous: Watch | undefined;
  /** Of the last hours, all versions, oldest first. */
  slices: readonly Rollup[];
  assessment: BudgetAssessment;
  nowMs: number;
}

/**
 * Feeds an operation's detectors the slices that have ended since the last check. A new version
 * restarts them, against the baseline of the calls before it; whether an alert is open stays known,
 * so that the new version has to prove the recovery.
 *
 * @param listHours reads the hourly rollups that start in [fromMs, toMs)
 */
export async function watchOperation(
  { operation, previous, slices, assessment, nowMs }: Observed,
  listHours: (fromMs: number, toMs: number) => Promise<Rollup[]>,
): Promise<Watch> {
  const processedUntilMs = startOf(nowMs - latenessMs, sliceMs);
  const version = newestVersion(slices) ?? previous?.version ?? "";
  const isDeployment = previous !== undefined && previous.version !== version;
  const { baseline, baselineAtMs } =
    previous && !isDeployment && !isStale(previous, nowMs)
      ? previous
      : {
          baseline: toBaseline(
            histogramsByHour(await listHours(nowMs - baselineMs, startOf(nowMs, hourMs))),
          ),
          baselineAtMs: nowMs,
        };
  let detectors = previous?.detectors ?? calmDetectors();
  if (isDeployment) detectors = restart(detectors);
  if (baseline) {
    // Without a predecessor only what comes now is judged: the past has made the baseline.
    const fromMs = previous?.processedUntilMs ?? processedUntilMs;
    for (const { startMs, version: of, series } of slices) {
      const isNew = startMs >= fromMs && startMs < processedUntilMs;
      if (isNew && of === version) {
        detectors = detectDegradation(detectors, baseline, series.latency, startMs);
      }
    }
  }
  return {
    operation,
    version,
    processedUntilMs,
    detectors,
    baseline,
    baselineAtMs,
    assessment,
    checkedAtMs: nowMs,
  };
}

/** The version that appeared last. */
function newestVersion(slices: readonly Rollup[]): string | undefined {
  const firstSeen = new Map<string, number>();
  for (const { version, startMs } of slices) {
    if (!firstSeen.has(version)) firstSeen.set(version, startMs);
  }
  return [...firstSeen].reduce<[string, number] | undefined>(
    (newest, entry) => (newest && newest[1] > entry[1] ? newest : entry),
    undefined,
  )?.[0];
}

/** While something is wrong the baseline stays what it was; else it follows the days. */
const isStale = ({ baseline, baselineAtMs = 0, detectors }: Watch, nowMs: number): boolean =>
  !baseline ||
  (nowMs - baselineAtMs > baselineLifetimeMs &&
    !detectors.mean.isDegraded &&
    !detectors.tail.isDegraded);

const restart = ({ mean, tail }: Detectors): Detectors => ({
  mean: { ...mean, evidence: 0 },
  tail: { ...tail, evidence: 0 },
});

function histogramsByHour(rollups: readonly Rollup[]): Histogram[] {
  const hours = new Map<number, Histogram>();
  for (const { startMs, series } of rollups) {
    const hour = hours.get(startMs) ?? new Histogram();
    hour.merge(series.latency);
    hours.set(startMs, hour);
  }
  return [...hours.values()];
}

/** How the version's calls differ from the baseline since the evidence began. */
export function describeChange(
  { baseline, version }: Watch,
  { sinceMs = 0 }: Cusum,
  slices: readonly Rollup[],
): Evidence {
  const recent = new Histogram();
  for (const { startMs, version: of, series } of slices) {
    if (of === version && startMs >= sinceMs) recent.merge(series.latency);
  }
  if (!baseline || recent.total === 0) return {};
  const [, near, far] = tailCounts(recent, baseline.tailBuckets);
  return {
    since: toRfc3339(sinceMs),
    callsSince: recent.total,
    changePercent: rounded(100 * typicalChange(baseline, recent)),
    slowPercent: rounded((100 * (near + far)) / recent.total),
    baselineSlowPercent: rounded(100 * (1 - baseline.usualShares[0])),
    baselineCalls: baseline.calls,
  };
}

/** Relative change of the typical (geometric mean) latency, outliers and all. */
const typicalChange = ({ logMean, logCenter }: Baseline, recent: Histogram): number =>
  Math.exp(logMoments(recent, { logCenter, logReach: Number.POSITIVE_INFINITY }).mean - logMean) -
  1;
