import { expect, test } from "vitest";
import { normal, seededRandom } from "../../../bench/seeded-random.ts";
import { Histogram } from "../../../lib/performance/histogram.ts";
import { enclosingRanks, estimateQuantile } from "../../../lib/performance/quantile-interval.ts";

test("the interval of a p99 holds the true p99 at least 95 times of 100, at any sample size", () => {
  const random = seededRandom(7);
  const repeats = 1_000;
  for (const samples of [20, 200, 1_000, 6_000]) {
    let held = 0;
    const truth = Math.exp(0.5 * 2.326_347_874);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { lowRank, highRank } = enclosingRanks(samples, 0.99);
      const sorted = Float64Array.from({ length: samples }, () =>
        Math.exp(0.5 * normal(random)),
      ).sort();
      const low = lowRank >= 1 ? (sorted[lowRank - 1] ?? 0) : 0;
      const high = sorted[highRank - 1] ?? Number.POSITIVE_INFINITY;
      if (low <= truth && truth <= high) held++;
    }
    // Ranks are whole numbers, so the share is above 95 %; 1 % is left for the simulation's own noise.
    expect(held / repeats, `${samples} samples`).toBeGreaterThanOrEqual(0.94);
  }
}, 120_000);

test("a small sample has no upper bound for its p99, and says so", () => {
  const histogram = new Histogram();
  for (let value = 1; value <= 50; value++) histogram.add(value);
  const estimate = estimateQuantile(histogram, 0.99);
  expect(estimate?.high).toBeUndefined();
  expect(estimate?.low).toBeGreaterThan(40);
});

test("more samples make the interval narrower", () => {
  const width = (samples: number): number => {
    const random = seededRandom(3);
    const histogram = new Histogram();
    for (let index = 0; index < samples; index++) histogram.add(Math.exp(0.5 * normal(random)));
    const { low = 0, high = Number.POSITIVE_INFINITY } = estimateQuantile(histogram, 0.99) ?? {};
    return high / low;
  };
  expect(width(20_000)).toBeLessThan(width(2_000));
  expect(width(2_000)).toBeLessThan(width(600));
});

test("no sample, no estimate", () => {
  expect(estimateQuantile(new Histogram(), 0.99)).toBeUndefined();
});
