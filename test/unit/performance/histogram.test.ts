import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketCount, bucketOf, Histogram, middleOf } from "../../../lib/performance/histogram.ts";
import { shapes } from "./sample-shapes.ts";

const quantiles = [0.5, 0.95, 0.99, 0.999];
const samples = 1_000_000;

describe("percentiles are within 2.5 % of the exact ones over a million samples", () => {
  test.each(Object.entries(shapes))("%s", (_name, draw) => {
    const random = draw(20_261_124);
    const histogram = new Histogram();
    const exact = Float64Array.from({ length: samples }, () => {
      const value = random();
      histogram.add(value);
      return value;
    }).sort();
    for (const quantile of quantiles) {
      const expected = exact[Math.ceil(quantile * samples) - 1] ?? Number.NaN;
      const error = Math.abs((histogram.quantile(quantile) ?? 0) / expected - 1);
      expect(error, `p${quantile * 100} of ${expected}`).toBeLessThanOrEqual(0.025);
    }
  });
});

test("a value's bucket stands for it with at most 2.5 % of error, from a microsecond to 15 minutes", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 900_000, noNaN: true }), (value) => {
      expect(Math.abs(middleOf(bucketOf(value)) / value - 1)).toBeLessThanOrEqual(0.025);
    }),
  );
});

test("values out of range fall into the first or the last bucket, never outside", () => {
  for (const value of [0, -1, Number.NaN, Number.NEGATIVE_INFINITY, 0.0001]) {
    expect(bucketOf(value)).toBe(0);
  }
  for (const value of [1e9, Number.POSITIVE_INFINITY])
    expect(bucketOf(value)).toBe(bucketCount - 1);
});

test("merging parts in any order equals counting all values at once", () => {
  const parts = fc.array(fc.array(fc.double({ min: 0, max: 1e5, noNaN: true })), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.infiniteStream(fc.nat()), (values, order) => {
      const whole = new Histogram();
      for (const value of values.flat()) whole.add(value);
      const merged = new Histogram();
      const shuffled = values
        .map((part) => ({ part, rank: order.next().value }))
        .sort((one, other) => one.rank - other.rank);
      for (const { part } of shuffled) {
        const histogram = new Histogram();
        for (const value of part) histogram.add(value);
        merged.merge(histogram);
      }
      expect(merged.entries()).toEqual(whole.entries());
      expect(merged.total).toBe(values.flat().length);
    }),
  );
});

test("an empty histogram has no percentile, no mean and no maximum", () => {
  const empty = new Histogram();
  expect([empty.quantile(0.99), empty.mean(), empty.max()]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("what lies above a bucket is counted without the bucket itself", () => {
  const histogram = Histogram.from([
    [10, 3],
    [11, 5],
    [40, 2],
  ]);
  expect([9, 10, 11, 40].map((bucket) => histogram.countAbove(bucket))).toEqual([10, 7, 2, 0]);
});
