import { describe, expect, it } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import type { CloseRun } from "../../../lib/usage/close-month.ts";
import { closeMonth } from "../../../lib/usage/close-month.ts";
import type { CloseStore, PeriodState, ShardProgress } from "../../../lib/usage/close-store.ts";
import type { Counter } from "../../../lib/usage/counter.ts";
import { activeShards } from "../../../lib/usage/counter-statements.ts";
import { periodNamed } from "../../../lib/usage/period.ts";

const period = periodNamed("2026-10");
const nowMs = period.endsAtMs + 3_600_000;
const run: CloseRun = { period: "2026-10", origin: systemOrigin("req"), budgetMs: 60_000 };
const pagesPerShard = 3;

/** Shards of three pages with one manufacturer each, in memory; notes what is under way at once. */
function fakeStore() {
  const progress = new Map<number, ShardProgress>();
  const closed = new Set<string>();
  let underWay = 0;
  let mostUnderWay = 0;
  let brokenShard: number | undefined;
  const store: CloseStore = {
    readProgress: async (_, shard) => progress.get(shard) ?? { isDone: false, closed: 0 },
    saveProgress: async (_, shard, state) => {
      underWay -= 1;
      progress.set(shard, state);
    },
    listActive: async (_, shard, cursor) => {
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      if (shard === brokenShard) throw new Error("the shard cannot be read");
      const page = Number(cursor ?? 0);
      return {
        manufacturerIds: [`mfr_${shard}_${page}`],
        cursor: page + 1 < pagesPerShard ? String(page + 1) : undefined,
      };
    },
    readStates: async (ids) => new Map(ids.map((id) => [id, stateOf(id)])),
    close: async ({ manufacturerId }) => {
      const isNew = !closed.has(manufacturerId);
      closed.add(manufacturerId);
      return isNew ? "closed" : "closed-before";
    },
  };
  return {
    store,
    closed,
    mostUnderWay: () => mostUnderWay,
    breakShard: (shard: number | undefined) => {
      brokenShard = shard;
      underWay = 0;
    },
  };
}

const stateOf = (manufacturerId: string): PeriodState => ({
  plan: { manufacturerId, tier: "free", version: 1, overrides: {} },
  counters: {},
  earlier: [],
});

const all = activeShards * pagesPerShard;

describe("closing a month", () => {
  it("works on four shards at a time, so that no more than four pages are in memory", async () => {
    const { store, closed, mostUnderWay } = fakeStore();
    const counts = await closeMonth(run, { close: store, now: () => nowMs });
    expect(counts).toMatchObject({ closed: all, alreadyClosed: 0, complete: true });
    expect(closed.size).toBe(all);
    expect(mostUnderWay()).toBe(4);
  });

  it("stops everywhere when its time is up, and goes on from there", async () => {
    const { store, closed } = fakeStore();
    let clockMs = nowMs;
    const slowly = { close: store, now: () => clockMs++ };
    const first = await closeMonth({ ...run, budgetMs: 60 }, slowly);
    expect(first.complete).toBe(false);
    expect(first.closed).toBe(closed.size);
    const second = await closeMonth(run, slowly);
    expect(second).toMatchObject({
      closed: all - first.closed,
      alreadyClosed: first.closed,
      complete: true,
    });
  });

  it("throws what a shard failed by once the others have ended their pages, and loses none", async () => {
    const { store, closed, breakShard } = fakeStore();
    breakShard(2);
    await expect(closeMonth(run, { close: store, now: () => nowMs })).rejects.toThrow(
      "the shard cannot be read",
    );
    const closedBefore = closed.size;
    expect(closedBefore).toBeLessThan(all);
    breakShard(undefined);
    const counts = await closeMonth(run, { close: store, now: () => nowMs });
    expect(counts).toMatchObject({
      closed: all - closedBefore,
      alreadyClosed: closedBefore,
      complete: true,
    });
  });
});

describe("the moment of closing", () => {
  const closeAt = (timeMs: number) =>
    closeMonth(run, { close: fakeStore().store, now: () => timeMs });

  it("comes five minutes after the month's end, when no clock may charge it any more", async () => {
    const endMs = Date.UTC(2026, 10, 1);
    for (const timeMs of [endMs - 1, endMs + 60_000, endMs + 5 * 60_000 - 1]) {
      await expect(closeAt(timeMs)).rejects.toMatchObject({ code: "period-open" });
    }
    await expect(closeAt(endMs + 5 * 60_000)).resolves.toMatchObject({ complete: true });
  });

  it("is found again where a counter moved between its reading and the close", async () => {
    const { store } = fakeStore();
    let reads = 0;
    const closedWith: number[] = [];
    const moving: CloseStore = {
      ...store,
      readStates: async (ids) => {
        if (ids.length > 0) reads += 1;
        return new Map(
          ids.map((id) => [id, { ...stateOf(id), counters: { api_calls: counterOf(10 - reads) } }]),
        );
      },
      close: async ({ resources }) => {
        if (closedWith.length === 0 && reads === 1) return "moved";
        closedWith.push(resources.api_calls.used);
        return "closed";
      },
      listActive: async (_, shard) => ({
        manufacturerIds: shard === 0 ? ["mfr_0"] : [],
        cursor: undefined,
      }),
      saveProgress: async () => undefined,
    };
    await closeMonth(run, { close: moving, now: () => nowMs });
    expect(closedWith[0]).toBe(8);
  });
});

const counterOf = (used: number) =>
  ({
    tier: "free",
    limit: 1000,
    overageMax: 0,
    limitValidUntilMs: period.endsAtMs,
    used,
    remaining: 1000 - used,
  }) as Counter;
