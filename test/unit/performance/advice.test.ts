import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../../bench/seeded-random.ts";
import { tunableCaches } from "../../../lib/performance/cache-lifetimes.ts";
import { compareVersions } from "../../../lib/performance/compare-versions.ts";
import { explainDegradation } from "../../../lib/performance/explain-degradation.ts";
import { proposeLifetime } from "../../../lib/performance/propose-lifetime.ts";
import { recommend } from "../../../lib/performance/recommendation.ts";
import type { OperationFacts, Rollup } from "../../../lib/performance/rollup.ts";
import { emptyRollup, hourMs } from "../../../lib/performance/rollup.ts";
import { trendOf } from "../../../lib/performance/trend.ts";

const facts: OperationFacts = {
  operation: "doWork",
  kind: "invocation",
  version: "1",
  budgetMs: 100,
  memoryLimitMb: 512,
  architecture: "arm64",
};

interface Hour {
  calls: number;
  durationMs: number;
  cpuMs?: number;
  memoryMb?: number;
  coldStarts?: number;
  initMs?: number;
}

function hour({
  calls,
  durationMs,
  cpuMs = 1,
  memoryMb = 300,
  coldStarts = 0,
  initMs = 150,
}: Hour): Rollup {
  const rollup = emptyRollup("1", 0);
  rollup.counters = { calls, failures: 0, coldStarts, breaches: 0, cpuMs: cpuMs * calls };
  rollup.series.latency.add(durationMs, calls);
  rollup.series.memory.add(memoryMb, calls);
  if (coldStarts > 0) rollup.series.init.add(initMs, coldStarts);
  return rollup;
}

const kinds = (changed: Partial<OperationFacts>, hours: Hour) =>
  recommend({ ...facts, ...changed }, [hour(hours)]).map(({ kind }) => kind);

describe("advice", () => {
  test("is none where nothing is wrong, and none from few calls", () => {
    expect(kinds({}, { calls: 1_000, durationMs: 20 })).toEqual([]);
    expect(kinds({ architecture: "x64" }, { calls: 99, durationMs: 20 })).toEqual([]);
  });

  test("is more memory where two thirds of it are used", () => {
    const [advice] = recommend(facts, [hour({ calls: 1_000, durationMs: 20, memoryMb: 420 })]);
    expect(advice).toMatchObject({ kind: "memory-size", evidence: { memoryLimitMb: 512 } });
    expect(advice?.advice).toContain("1024 MB");
  });

  test("is more memory where calls over budget compute most of the time", () => {
    expect(kinds({}, { calls: 1_000, durationMs: 150, cpuMs: 120 })).toEqual(["memory-size"]);
    expect(kinds({}, { calls: 1_000, durationMs: 150, cpuMs: 10 })).toEqual([]);
  });

  test("is less memory where calls wait and most of it is unused", () => {
    const [advice] = recommend({ ...facts, memoryLimitMb: 2_048 }, [
      hour({ calls: 1_000, durationMs: 50, cpuMs: 1, memoryMb: 150 }),
    ]);
    expect(advice?.advice).toContain("from 2048 to 256 MB");
    expect(advice?.expectedGain.measure).toContain("cost");
  });

  test("is provisioned concurrency where cold starts are frequent and slow for the budget", () => {
    const cold = { calls: 1_000, durationMs: 20, coldStarts: 50 };
    expect(kinds({}, cold)).toEqual(["provisioned-concurrency"]);
    expect(kinds({ budgetMs: 1_000 }, cold)).toEqual([]);
    expect(kinds({}, { ...cold, coldStarts: 5 })).toEqual([]);
  });

  test("is reserved concurrency by Little's law", () => {
    // 36,000 calls an hour of 500 ms keep 5 environments busy; 7 more cover the bursts.
    const [advice] = recommend({ ...facts, reservedConcurrency: 8 }, [
      hour({ calls: 36_000, durationMs: 500 }),
    ]);
    expect(advice).toMatchObject({ kind: "reserved-concurrency" });
    expect(advice?.advice).toMatch(/from 8 to at least 12/);
    expect(kinds({ reservedConcurrency: 12 }, { calls: 36_000, durationMs: 500 })).toEqual([]);
  });

  test("is arm64 for x64, and a smaller bundle for a slow start", () => {
    expect(kinds({ architecture: "x64" }, { calls: 1_000, durationMs: 20 })).toEqual([
      "architecture",
    ]);
    expect(
      kinds({ budgetMs: 2_000 }, { calls: 1_000, durationMs: 20, coldStarts: 3, initMs: 700 }),
    ).toEqual(["bundle-size"]);
  });

  test("has an interval for what it gains", () => {
    for (const { expectedGain } of recommend(facts, [
      hour({ calls: 1_000, durationMs: 20, coldStarts: 50, memoryMb: 450, initMs: 800 }),
    ])) {
      expect(expectedGain.low).toBeLessThanOrEqual(expectedGain.high);
      expect(expectedGain.high).toBeGreaterThan(0);
    }
  });
});

describe("a cache's proposed lifetime", () => {
  const cache = tunableCaches["performance-overview"];

  test("is the shortest that serves half of the calls", () => {
    // Two calls a minute: 30 seconds serve half of them.
    const { lifetimeSeconds, expectedGain } = proposeLifetime(cache, {
      calls: 1_200,
      busyHours: 10,
      p95Ms: 400,
    });
    expect(lifetimeSeconds).toBe(30);
    expect(expectedGain?.low).toBeLessThan(200);
    expect(expectedGain?.high).toBeGreaterThanOrEqual(200);
  });

  test("never leaves its bounds, and is the default where the calls justify none", () => {
    for (const calls of [0, 19, 20, 100, 1_000, 1e6, 1e9]) {
      const { lifetimeSeconds } = proposeLifetime(cache, { calls, busyHours: 10, p95Ms: 400 });
      expect(lifetimeSeconds).toBeGreaterThanOrEqual(cache.minSeconds);
      expect(lifetimeSeconds).toBeLessThanOrEqual(cache.maxSeconds);
      if (calls < 20) expect(lifetimeSeconds).toBe(cache.defaultSeconds);
    }
  });
});

describe("a new version", () => {
  const versions = (factor: number, calls = 500): Rollup[] => {
    const random = seededRandom(4);
    return ["1", "2"].map((version, index) => {
      const rollup = emptyRollup(version, index * hourMs);
      for (let call = 0; call < calls; call++) {
        rollup.series.latency.add(20 * Math.exp(0.5 * normal(random)) * (index === 1 ? factor : 1));
      }
      return rollup;
    });
  };

  test("that is slower is said to be, and by how much", () => {
    const change = compareVersions(versions(1.2));
    expect(change).toMatchObject({ version: "2", previousVersion: "1", isWorse: true });
    expect(change?.lowPercent).toBeLessThan(20);
    expect(change?.highPercent).toBeGreaterThan(20);
  });

  test("that is the same or faster is not called worse", () => {
    expect(compareVersions(versions(1))?.isWorse).toBe(false);
    expect(compareVersions(versions(0.7))?.isWorse).toBe(false);
  });

  test("without a predecessor or with a few calls is compared with nothing", () => {
    expect(compareVersions(versions(1).slice(1))).toBeUndefined();
    expect(compareVersions(versions(1, 10))).toBeUndefined();
  });
});

describe("a trend", () => {
  test("is the slope of the points, whatever a fifth of them does", () => {
    const points = Array.from({ length: 50 }, (_, index) => [index, 2 * index] as const).map(
      ([at, value]) => [at, at % 5 === 0 ? 1_000 : value] as const,
    );
    const trend = trendOf(points);
    expect(trend?.slope).toBeCloseTo(2);
    expect(trend?.low).toBeLessThanOrEqual(2);
    expect(trend?.high).toBeGreaterThanOrEqual(2);
  });

  test("of noise has an interval around zero, and of nine points is none", () => {
    const random = seededRandom(2);
    const points = Array.from({ length: 100 }, (_, index) => [index, normal(random)] as const);
    const { low = 1, high = -1 } = trendOf(points) ?? {};
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(trendOf(points.slice(0, 9))).toBeUndefined();
  });
});

describe("a degradation that goes on", () => {
  const calls = (version: string, durationMs: number, cpuMs: number): Rollup[] => [
    { ...hour({ calls: 100, durationMs, cpuMs }), version },
  ];
  const alert = { operation: "doWork", version: "2" };
  const kindOf = (before: Rollup[], since: Rollup[]) =>
    explainDegradation(alert, before, since)?.kind;

  test("that came with a version is answered by taking it back", () => {
    const advice = explainDegradation(alert, calls("1", 20, 1), calls("2", 40, 1));
    expect(advice).toMatchObject({ kind: "roll-back", evidence: { previousVersion: "1" } });
  });

  test("in which calls wait longer points at what they call, else at what they compute", () => {
    expect(kindOf(calls("2", 20, 1), calls("2", 80, 2))).toBe("slow-dependency");
    expect(kindOf(calls("2", 20, 1), calls("2", 80, 55))).toBe("slow-code");
  });

  test("that left no trace in the mean is not explained", () => {
    expect(kindOf(calls("2", 20, 1), calls("2", 20, 1))).toBeUndefined();
    expect(kindOf([], calls("2", 20, 1))).toBeUndefined();
  });
});
