import { expect, test } from "vitest";
import { lifetimeSecondsOf } from "../../../lib/performance/cache-lifetimes.ts";
import { overviewCache } from "../../../lib/performance/overview-cache.ts";

test("an answer is kept for the lifetime that came with it, and no longer", async () => {
  let nowMs = 0;
  let loads = 0;
  const cache = overviewCache<number>(() => nowMs);
  const get = () => cache.get("24h", async () => ({ value: ++loads, lifetimeSeconds: 10 }));
  expect(await get()).toBe(1);
  nowMs = 9_999;
  expect(await get()).toBe(1);
  nowMs = 10_000;
  expect(await get()).toBe(2);
});

test("callers at the same time share one load; a failed one is forgotten", async () => {
  let loads = 0;
  const cache = overviewCache<number>(() => 0);
  const failing = () =>
    cache.get("1h", async () => {
      loads++;
      throw new Error("no");
    });
  const results = await Promise.allSettled([failing(), failing(), failing()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(loads).toBe(1);
  expect(await cache.get("1h", async () => ({ value: 7, lifetimeSeconds: 1 }))).toBe(7);
});

test("windows are kept apart", async () => {
  const cache = overviewCache<string>(() => 0);
  const get = (window: string) =>
    cache.get(window, async () => ({ value: window, lifetimeSeconds: 60 }));
  expect([await get("1h"), await get("6h"), await get("1h")]).toEqual(["1h", "6h", "1h"]);
});

test("a stored lifetime out of bounds is held to them; without one the default is in force", () => {
  const lifetimeOf = (lifetimeSeconds: number) =>
    lifetimeSecondsOf("performance-overview", [
      {
        cache: "performance-overview",
        lifetimeSeconds,
        previousSeconds: 10,
        changedAtMs: 0,
        revision: 1,
      },
    ]);
  expect([lifetimeOf(-5), lifetimeOf(60), lifetimeOf(86_400)]).toEqual([0, 60, 300]);
  expect(lifetimeSecondsOf("performance-overview", [])).toBe(10);
});
