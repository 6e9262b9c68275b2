import { describe, expect, it } from "vitest";
import { forecastDays, measureDeviation, sum } from "../../../lib/usage/forecast.ts";
import {
  exhaustionOf,
  forecastMonth,
  outlookOf,
  probabilityOfExceeding,
} from "../../../lib/usage/outlook.ts";
import { dayMs, periodNamed } from "../../../lib/usage/period.ts";

const weekly = (days: number): number[] =>
  Array.from({ length: days }, (_, day) => (day % 7 < 5 ? 100 : 30));

describe("a forecast", () => {
  it("repeats a weekday pattern exactly, as far as it is asked to", () => {
    const forecast = forecastDays({ firstWeekday: 1, units: weekly(70) }, 14);
    for (const [day, units] of forecast.entries()) {
      expect(units).toBeCloseTo(day % 7 < 5 ? 100 : 30, 6);
    }
  });

  it("follows a level that has changed", () => {
    const units = [...Array(60).fill(10), ...Array(40).fill(50)];
    const [next = 0] = forecastDays({ firstWeekday: 0, units }, 1);
    expect(next).toBeGreaterThan(40);
  });

  it("knows no deviation before it has two months of its own past", () => {
    expect(measureDeviation({ firstWeekday: 0, units: weekly(40) }, 15)).toBeUndefined();
    expect(measureDeviation({ firstWeekday: 0, units: weekly(120) }, 15)).toBeLessThan(0.01);
  });

  it("of nothing is nothing", () => {
    expect(sum(forecastDays({ firstWeekday: 0, units: Array(30).fill(0) }, 10))).toBe(0);
  });
});

describe("an outlook", () => {
  const period = periodNamed("2026-11");
  const nowMs = period.startsAtMs + 14 * dayMs + dayMs / 2;
  const outlook = (units: number[], used: number, usedToday = 0) =>
    outlookOf({
      period,
      nowMs,
      used,
      usedToday,
      series: { firstWeekday: new Date(nowMs - units.length * dayMs).getUTCDay(), units },
    });

  it("is too little data below two weeks", () => {
    expect(outlook(Array(13).fill(10), 100)).toBeUndefined();
  });

  it("adds the days left to what was used, today's own use not twice", () => {
    const steady = outlook(Array(200).fill(10), 145, 5);
    if (!steady) throw new Error("there is enough data");
    const forecast = forecastMonth(steady);
    expect(forecast.expected).toBe(300);
    expect(forecast.low).toBeLessThanOrEqual(300);
    expect(forecast.high).toBeGreaterThanOrEqual(300);
    expect(probabilityOfExceeding(250, steady)).toBeGreaterThan(0.99);
    expect(probabilityOfExceeding(400, steady)).toBeLessThan(0.01);
    expect(probabilityOfExceeding(144, steady)).toBe(1);
  });

  it("names the day a limit is reached, and none when it is not in this month", () => {
    const steady = outlook(Array(200).fill(10), 140);
    if (!steady) throw new Error("there is enough data");
    expect(exhaustionOf(200, steady).expectedOn).toBe("2026-11-20");
    expect(exhaustionOf(301, steady).expectedOn).toBeUndefined();
  });
});
