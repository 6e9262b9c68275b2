import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossedAlerts } from "../../../lib/usage/alerts.ts";

describe("alerts", () => {
  it("are crossed once each on any way up, however the charges are cut", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }),
        (limit, amounts) => {
          let used = 0;
          const crossed = amounts.flatMap((amount, index) => {
            const before = index === 0 ? undefined : { used, limit };
            used += amount;
            return crossedAlerts(before, { used, limit });
          });
          const expected = ["80", "90", "100"].filter((mark) => used * 100 >= Number(mark) * limit);
          expect(crossed.filter((alert) => alert !== "overage")).toEqual(used > 0 ? expected : []);
          expect(crossed.includes("overage")).toBe(used > limit);
          expect(new Set(crossed).size).toBe(crossed.length);
        },
      ),
    );
  });

  it("come with a limit that is lowered beneath what is used", () => {
    expect(crossedAlerts({ used: 50, limit: 100 }, { used: 50, limit: 50 })).toEqual([
      "80",
      "90",
      "100",
    ]);
  });

  it("start no overage where the limit falls below what was used before", () => {
    expect(crossedAlerts({ used: 60, limit: 100 }, { used: 60, limit: 50 })).toEqual([
      "80",
      "90",
      "100",
    ]);
    expect(crossedAlerts({ used: 50, limit: 50 }, { used: 51, limit: 50 })).toEqual(["overage"]);
  });

  it("do not come when units are given back", () => {
    expect(crossedAlerts({ used: 105, limit: 100 }, { used: 101, limit: 100 })).toEqual([]);
    expect(crossedAlerts({ used: 85, limit: 100 }, { used: 79, limit: 100 })).toEqual([]);
  });

  it("do not come without a limit, nor for a counter that nothing was charged to", () => {
    expect(crossedAlerts(undefined, { used: 1e6, limit: -1 })).toEqual([]);
    expect(crossedAlerts(undefined, { used: 0, limit: 0 })).toEqual([]);
  });
});
