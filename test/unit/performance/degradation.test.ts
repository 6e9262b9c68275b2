import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../bench/seeded-random.ts";
import type { Slowness } from "../../../bench/simulate-detectors.ts";
import {
  allSlower,
  cusumDetectors,
  detectionDelay,
  falseAlarms,
  fewMuchSlower,
  healthy,
  hourOf,
  sliceSource,
} from "../../../bench/simulate-detectors.ts";
import { toBaseline } from "../../../lib/performance/baseline.ts";
import { calmDetectors, detectDegradation } from "../../../lib/performance/degradation.ts";
import { Histogram } from "../../../lib/performance/histogram.ts";

/** Every run draws the same numbers: a figure that worsens is a change of the detector. */
const traffic = { callsPerHour: 200, logDeviation: 0.5, hourlyDeviation: 0 };

test("fewer than one false alarm in 30 days of both detectors together", () => {
  const random = seededRandom(11);
  const { either } = cusumDetectors(traffic, random);
  expect(falseAlarms(either, traffic, 120, random)).toBeLessThan(1);
});

const degradations: Record<string, { how: Slowness; hoursMax: number }> = {
  "20 % on every call": { how: allSlower, hoursMax: 2 },
  "4 % of the calls 6 times slower": { how: fewMuchSlower, hoursMax: 4 },
};

test.each(Object.entries(degradations))("%s is seen within hours", (_name, { how, hoursMax }) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const random = seededRandom(seed);
    const { either } = cusumDetectors(traffic, random);
    expect(detectionDelay(either, traffic, how, 24, random)).toBeLessThanOrEqual(hoursMax);
  }
});

const hoursOf = (count: number, random: () => number): Histogram[] => {
  const next = sliceSource(traffic, random);
  return Array.from({ length: count }, () => hourOf(next));
};

const healthyBaseline = (random: () => number) => {
  const hours = hoursOf(100, random);
  const baseline = toBaseline(hours);
  if (!baseline) throw new Error("no baseline");
  return baseline;
};

test("a degradation that ends is seen to have ended", () => {
  const random = seededRandom(5);
  const baseline = healthyBaseline(random);
  let detectors = calmDetectors();
  const next = sliceSource(traffic, random);
  const feed = (hours: number, how: Slowness) => {
    for (let slice = 0; slice < hours * 12; slice++) {
      detectors = detectDegradation(detectors, baseline, next(how), slice);
    }
  };
  feed(6, allSlower);
  expect(detectors.mean.isDegraded).toBe(true);
  feed(6, healthy);
  expect(detectors.mean.isDegraded).toBe(false);
});

test("one wildly slow call is an incident, not a degradation", () => {
  const random = seededRandom(6);
  const baseline = healthyBaseline(random);
  const calls = sliceSource(traffic, random)(healthy);
  calls.add(60_000);
  const { mean, tail } = detectDegradation(calmDetectors(), baseline, calls, 0);
  expect([mean.isDegraded, tail.isDegraded]).toEqual([false, false]);
});

test("calls getting faster raise nothing", () => {
  const random = seededRandom(8);
  const baseline = healthyBaseline(random);
  const calls = new Histogram();
  for (let call = 0; call < 10_000; call++) calls.add(5);
  expect(detectDegradation(calmDetectors(), baseline, calls, 0)).toMatchObject({
    mean: { evidence: 0, isDegraded: false },
    tail: { evidence: 0, isDegraded: false },
  });
});

describe("a baseline", () => {
  test("needs 200 calls in 8 hours", () => {
    const hour = (calls: number) => {
      const histogram = new Histogram();
      for (let call = 0; call < calls; call++) histogram.add(10 + call);
      return histogram;
    };
    expect(toBaseline(Array.from({ length: 7 }, () => hour(100)))).toBeUndefined();
    expect(toBaseline(Array.from({ length: 8 }, () => hour(24)))).toBeUndefined();
    expect(toBaseline(Array.from({ length: 8 }, () => hour(25)))).toMatchObject({ calls: 200 });
  });

  test("is not moved by a quarter of bad hours", () => {
    const random = seededRandom(9);
    const good = hoursOf(90, random);
    const bad = Array.from({ length: 30 }, () => {
      const histogram = new Histogram();
      for (let call = 0; call < traffic.callsPerHour; call++) histogram.add(2_000);
      return histogram;
    });
    const clean = toBaseline(good);
    const dirty = toBaseline([...good, ...bad]);
    expect(Math.abs((dirty?.logMean ?? 9) - (clean?.logMean ?? 0))).toBeLessThan(0.1);
  });

  test("with hours that differ among themselves asks for more evidence", () => {
    const random = seededRandom(10);
    const steady = hoursOf(100, random);
    const restless = steady.map((hour, index) => {
      const scaled = new Histogram();
      const shift = index % 2 === 0 ? 4 : -4;
      for (const [bucket, count] of hour.entries()) scaled.addToBucket(bucket + shift, count);
      return scaled;
    });
    expect(toBaseline(steady)?.meanDispersion).toBeLessThan(2);
    expect(toBaseline(restless)?.meanDispersion).toBeGreaterThan(5);
  });
});
