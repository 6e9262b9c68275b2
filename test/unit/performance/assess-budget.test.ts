import { describe, expect, test } from "vitest";
import { assessBudget } from "../../../lib/performance/assess-budget.ts";
import type { Rollup } from "../../../lib/performance/rollup.ts";
import { emptyRollup, hourMs, sliceMs } from "../../../lib/performance/rollup.ts";

const nowMs = Date.parse("2026-11-24T12:02:00Z");
const budgetMs = 100;

/** A slice that began so long ago, with fast calls and some at twice the budget. */
function slice(agoMs: number, fast: number, slow: number): Rollup {
  const rollup = emptyRollup("1", Math.floor((nowMs - agoMs) / sliceMs) * sliceMs);
  rollup.series.latency.add(20, fast);
  rollup.series.latency.add(2 * budgetMs, slow);
  rollup.counters.calls = fast + slow;
  rollup.counters.breaches = slow;
  return rollup;
}

const every = (spanMs: number, fast: number, slow: number): Rollup[] =>
  Array.from({ length: spanMs / sliceMs }, (_, index) => slice(index * sliceMs, fast, slow));

const verdicts = (slices: readonly Rollup[]) => assessBudget(slices, budgetMs, nowMs).verdicts;

describe("the p99 against the budget", () => {
  test("is breached where its whole interval lies above", () => {
    expect(verdicts(every(hourMs, 90, 10))["budget-breach"]).toBe("firing");
  });

  test("is kept where the estimate lies below", () => {
    expect(verdicts(every(hourMs, 1_000, 1))["budget-breach"]).toBe("recovered");
  });

  test("is undecided where the sample is too small to tell", () => {
    expect(verdicts([slice(0, 30, 1)])["budget-breach"]).toBe("undecided");
  });

  test("comes with its sample size and interval", () => {
    const { calls, p99, hasEnoughCalls } = assessBudget(every(hourMs, 90, 10), budgetMs, nowMs);
    expect({ calls, hasEnoughCalls }).toEqual({ calls: 1200, hasEnoughCalls: true });
    expect(p99?.low).toBeGreaterThan(budgetMs);
    expect(assessBudget([slice(0, 30, 1)], budgetMs, nowMs).hasEnoughCalls).toBe(false);
  });
});

describe("burn rates", () => {
  test("are the share of bad calls over the 1 % that may be bad", () => {
    const { burnRates } = assessBudget(every(6 * hourMs, 90, 10), budgetMs, nowMs);
    for (const rate of Object.values(burnRates)) expect(rate).toBeCloseTo(10);
  });

  test("of 14.4 over an hour and five minutes fire the fast alert, of 6 the slow one", () => {
    expect(verdicts(every(6 * hourMs, 80, 20))).toMatchObject({
      "burn-rate-fast": "firing",
      "burn-rate-slow": "firing",
    });
    expect(verdicts(every(6 * hourMs, 90, 10))).toMatchObject({
      "burn-rate-fast": "recovered",
      "burn-rate-slow": "firing",
    });
    expect(verdicts(every(6 * hourMs, 95, 5))).toMatchObject({
      "burn-rate-fast": "recovered",
      "burn-rate-slow": "recovered",
    });
  });

  test("that are over count as recovered although the long window still remembers them", () => {
    const burnt = every(hourMs, 50, 50).map((rollup) => ({
      ...rollup,
      startMs: rollup.startMs - 4 * sliceMs,
    }));
    const calm = every(4 * sliceMs, 100, 0);
    const assessment = assessBudget([...burnt, ...calm], budgetMs, nowMs);
    expect(assessment.burnRates.hour).toBeGreaterThan(14.4);
    expect(assessment.verdicts["burn-rate-fast"]).toBe("recovered");
  });

  test("of a handful of calls do not fire", () => {
    expect(verdicts([slice(0, 0, 4)])["burn-rate-fast"]).toBe("undecided");
    expect(verdicts([slice(0, 0, 5)])["burn-rate-fast"]).toBe("firing");
  });
});

test("without calls nothing is wrong", () => {
  const { calls, p99, verdicts: all } = assessBudget([], budgetMs, nowMs);
  expect({ calls, p99 }).toEqual({ calls: 0, p99: undefined });
  expect(new Set(Object.values(all))).toEqual(new Set(["recovered"]));
});
