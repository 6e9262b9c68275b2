import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clockSkewMs,
  dayBucket,
  daysIn,
  livePeriods,
  periodAt,
  periodNamed,
  shiftPeriod,
} from "../../../lib/usage/period.ts";

const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 11, 31) });

describe("a period", () => {
  it("holds every moment in exactly one month, whose name leads back to it", () => {
    fc.assert(
      fc.property(moment, (nowMs) => {
        const period = periodAt(nowMs);
        expect(period.startsAtMs).toBeLessThanOrEqual(nowMs);
        expect(period.endsAtMs).toBeGreaterThan(nowMs);
        expect(periodNamed(period.name)).toEqual(period);
        expect(shiftPeriod(period, 1).startsAtMs).toBe(period.endsAtMs);
        expect(shiftPeriod(shiftPeriod(period, -13), 13)).toEqual(period);
      }),
    );
  });

  it("has the days of its month, leap years included", () => {
    expect(
      ["2026-02", "2028-02", "2026-11", "2026-12"].map((name) => daysIn(periodNamed(name))),
    ).toEqual([28, 29, 30, 31]);
  });

  it("turns at midnight UTC, to the millisecond", () => {
    const turnMs = Date.UTC(2027, 0, 1);
    expect(periodAt(turnMs - 1).name).toBe("2026-12");
    expect(periodAt(turnMs).name).toBe("2027-01");
    expect([dayBucket(turnMs - 1), dayBucket(turnMs)]).toEqual(["d31", "d01"]);
  });
});

describe("live periods", () => {
  it("are every one that a clock within the skew may be in", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: -clockSkewMs, max: clockSkewMs }), (nowMs, skewMs) => {
        const names = livePeriods(nowMs).map(({ name }) => name);
        expect(names).toContain(periodAt(nowMs + skewMs).name);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
    expect(livePeriods(Date.UTC(2026, 11, 1)).map(({ name }) => name)).toEqual([
      "2026-11",
      "2026-12",
    ]);
  });
});
