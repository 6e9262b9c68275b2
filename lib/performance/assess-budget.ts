import type { Estimate } from "./quantile-interval.ts";
import { estimateQuantile } from "./quantile-interval.ts";
import type { Rollup } from "./rollup.ts";
import { hourMs, mergeRollups, sliceMs } from "./rollup.ts";

/** The objective that every budget stands for: this share of calls is answered, and within it. */
export const objective = 0.99;

/** Below this a p99 rests on fewer than five calls. */
export const enoughCalls = 500;

/** How fast the 1 % of calls that may fail or be late is being used up; 1 is just sustainable. */
export interface BurnRates {
  fiveMinutes: number;
  halfHour: number;
  hour: number;
  sixHours: number;
}

/** Of an alert's condition: it holds, it clearly does not, or the calls seen do not tell. */
export type Verdict = "firing" | "recovered" | "undecided";

export interface BudgetAssessment {
  /** Of the last hour. */
  calls: number;
  p99: Estimate | undefined;
  hasEnoughCalls: boolean;
  burnRates: BurnRates;
  verdicts: Record<"budget-breach" | "burn-rate-fast" | "burn-rate-slow", Verdict>;
}

/**
 * Multi-window burn rates (Google's SRE workbook, chapter 5): a long window so that it matters, a
 * short one so that it is still going on. 14.4 uses 2 % of a month's allowance in an hour, 6 uses 5 %
 * in six hours.
 */
const burnAlerts = {
  "burn-rate-fast": { rate: 14.4, long: "hour", short: "fiveMinutes" },
  "burn-rate-slow": { rate: 6, long: "sixHours", short: "halfHour" },
} as const;

/** Fewer bad calls are an incident, not a rate. */
const badCallsMin = 5;

const windowsMs = {
  fiveMinutes: sliceMs,
  halfHour: 6 * sliceMs,
  hour: hourMs,
  sixHours: 6 * hourMs,
} as const;

/** How far back the slices must reach. */
export const assessedMs = windowsMs.sixHours + sliceMs;

/** Holds the last hours' slices of an operation, all versions, against its budget in milliseconds. */
export function assessBudget(
  slices: readonly Rollup[],
  budgetMs: number,
  nowMs: number,
): BudgetAssessment {
  const windows = Object.fromEntries(
    Object.entries(windowsMs).map(([name, lengthMs]) => [
      name,
      // The running slice on top: of five minutes it may just have begun.
      mergeRollups(slices.filter(({ startMs }) => startMs > nowMs - lengthMs - sliceMs)),
    ]),
  ) as Record<keyof typeof windowsMs, Rollup>;
  const burnRates = Object.fromEntries(
    Object.entries(windows).map(([name, { counters }]) => [
      name,
      counters.calls === 0 ? 0 : counters.breaches / counters.calls / (1 - objective),
    ]),
  ) as unknown as BurnRates;
  const { latency } = windows.hour.series;
  const p99 = estimateQuantile(latency, objective);
  const burnVerdict = (kind: keyof typeof burnAlerts): Verdict => {
    const { rate, long, short } = burnAlerts[kind];
    if (burnRates[short] < rate) return "recovered";
    const isBurning = burnRates[long] >= rate;
    return isBurning && windows[long].counters.breaches >= badCallsMin ? "firing" : "undecided";
  };
  return {
    calls: latency.total,
    p99,
    hasEnoughCalls: latency.total >= enoughCalls,
    burnRates,
    verdicts: {
      "budget-breach": breachVerdict(p99, budgetMs),
      "burn-rate-fast": burnVerdict("burn-rate-fast"),
      "burn-rate-slow": burnVerdict("burn-rate-slow"),
    },
  };
}

/** Breached only where the sample proves it: the whole interval of the p99 lies above the budget. */
function breachVerdict(p99: Estimate | undefined, budgetMs: number): Verdict {
  if (!p99 || p99.value <= budgetMs) return "recovered";
  return p99.low > budgetMs ? "firing" : "undecided";
}
