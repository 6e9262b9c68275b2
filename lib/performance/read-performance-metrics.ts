import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { readPerformanceMetricsRoute } from "./api.ts";
import { enoughCalls } from "./assess-budget.ts";
import { lifetimeSecondsOf } from "./cache-lifetimes.ts";
import { compareVersions } from "./compare-versions.ts";
import { inBatches } from "./in-batches.ts";
import type { OverviewCache } from "./overview-cache.ts";
import type { OverviewWindow } from "./overview-window.ts";
import { boundsOf } from "./overview-window.ts";
import { estimateQuantile } from "./quantile-interval.ts";
import { concurrencyOf } from "./recommendation.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import { hourMs, mergeRollups } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";
import { roundEstimate, rounded } from "./rounded.ts";

export type Overview = OperationBody<typeof readPerformanceMetricsRoute>;
type OperationMetrics = Overview["items"][number];

/** Versions are compared over this time, whatever the window. */
const comparedMs = 7 * 24 * hourMs;

/**
 * Every operation's calls, errors, percentiles against the budget, resources, and what its newest
 * version changed, over a window that ends now. Kept for some seconds, as `optimizePerformance` sets
 * them: it is the most expensive read there is, and pages ask for it again and again.
 */
export async function readPerformanceMetrics(
  { query }: Pick<OperationRequest<typeof readPerformanceMetricsRoute>, "query">,
  {
    rollups,
    overviews,
    now,
  }: { rollups: RollupStore; overviews: OverviewCache<Overview>; now: Clock },
): Promise<Overview> {
  const window = query.window ?? "24h";
  return overviews.get(window, async () => {
    const { operations, settings } = await rollups.readCatalogue();
    return {
      value: await overview(window, operations, rollups, now()),
      lifetimeSeconds: lifetimeSecondsOf("performance-overview", settings),
    };
  });
}

async function overview(
  window: OverviewWindow,
  operations: readonly OperationFacts[],
  rollups: RollupStore,
  nowMs: number,
): Promise<Overview> {
  const { period, fromMs, toMs } = boundsOf(window, nowMs);
  const items = await inBatches(operations, async (facts) => {
    const hours = await rollups.list(facts.operation, "hour", nowMs - comparedMs, nowMs + 1);
    const recent =
      period === "hour"
        ? hours.filter(({ startMs }) => startMs >= fromMs)
        : await rollups.list(facts.operation, period, fromMs, nowMs + 1);
    return measure(facts, mergeRollups(recent), hours, toMs - fromMs);
  });
  return {
    window,
    from: toRfc3339(fromMs),
    to: toRfc3339(toMs),
    items: items.filter(({ calls }) => calls > 0),
  };
}

function measure(
  { operation, kind, budgetMs, memoryLimitMb }: OperationFacts,
  total: Rollup,
  hours: readonly Rollup[],
  lengthMs: number,
): OperationMetrics {
  const { counters, series } = total;
  const { calls } = counters;
  const share = (count: number): number => rounded(calls === 0 ? 0 : (100 * count) / calls);
  const { latency, memory, eventLoopBusy, init } = series;
  const change = compareVersions(hours);
  const initP50Ms = init.quantile(0.5);
  return {
    operation,
    kind,
    budgetMs,
    calls,
    errors: counters.failures,
    errorPercent: share(counters.failures),
    withinBudgetPercent: share(calls - counters.breaches),
    p50Ms: rounded(latency.quantile(0.5) ?? 0),
    p95Ms: rounded(latency.quantile(0.95) ?? 0),
    p99Ms: roundEstimate(estimateQuantile(latency, 0.99) ?? { value: 0, low: 0 }),
    hasEnoughCalls: calls >= enoughCalls,
    concurrency: rounded(concurrencyOf(total, lengthMs)),
    coldStartPercent: share(counters.coldStarts),
    ...(kind === "invocation" &&
      calls > 0 && {
        resources: {
          memoryHighWaterMb: rounded(memory.max() ?? 0),
          ...(memoryLimitMb !== undefined && { memoryLimitMb }),
          cpuMsPerCall: rounded(counters.cpuMs / calls),
          eventLoopBusyP99Ms: rounded(eventLoopBusy.quantile(0.99) ?? 0),
          ...(initP50Ms !== undefined && { initP50Ms: rounded(initP50Ms) }),
        },
      }),
    ...(change && {
      sinceDeployment: {
        ...change,
        changePercent: rounded(change.changePercent),
        lowPercent: rounded(change.lowPercent),
        highPercent: rounded(change.highPercent),
        p99Ms: roundEstimate(change.p99Ms),
        previousP99Ms: roundEstimate(change.previousP99Ms),
      },
    }),
  };
}
