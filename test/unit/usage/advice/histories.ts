import type { MonthCounter } from "../../../../lib/usage/history-store.ts";
import type { Plan, Resource, Tier } from "../../../../lib/usage/tiers.ts";

const dayMs = 86_400_000;

/** The limits of each tier as they are promised, written out. */
export const promised: Record<Tier, Record<Resource, number>> = {
  free: { product_uploads: 100, ml_requests: 50, api_calls: 1_000 },
  professional: { product_uploads: 1_000, ml_requests: 500, api_calls: 10_000 },
  enterprise: { product_uploads: Number.POSITIVE_INFINITY, ml_requests: 5_000, api_calls: 100_000 },
};

/** What a manufacturer wants, day by day, and which tier it has from which day on. */
export interface Story {
  /** Days since sign-up, today included. */
  days: number;
  tiers: readonly (readonly [fromDay: number, tier: Tier])[];
  wants: (resource: Resource, day: number) => number;
}

/** One resource's month as a bookkeeper would note it. */
export interface BookedMonth {
  period: string;
  wanted: number;
}

export interface Played {
  plan: Plan;
  counters: Record<Resource, MonthCounter[]>;
  /** Every calendar month from sign-up to the present one, what was wanted in it, by resource. */
  books: Record<Resource, BookedMonth[]>;
}

const all = ["product_uploads", "ml_requests", "api_calls"] as const;
const pad = (day: number): string => String(day).padStart(2, "0");

/** Plays a story up to the beginning of a day: units beyond the limit of the day are refused. */
export function play(story: Story, nowMs: number, untilMs = nowMs): Played {
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  const signUpMs = todayMs - (story.days - 1) * dayMs;
  const tierOn = (day: number): Tier =>
    story.tiers.findLast(([fromDay]) => fromDay <= day)?.[1] ?? "free";
  const counters = {} as Record<Resource, MonthCounter[]>;
  const books = {} as Record<Resource, BookedMonth[]>;
  for (const resource of all) {
    const byMonth = new Map<string, Record<string, number | string>>();
    const booked = new Map<string, BookedMonth>();
    for (let day = 0; day < story.days; day++) {
      const date = new Date(signUpMs + day * dayMs);
      const period = date.toISOString().slice(0, 7);
      const book = booked.get(period) ?? { period, wanted: 0 };
      booked.set(period, book);
      if (date.getTime() >= Math.floor(untilMs / dayMs) * dayMs) continue;
      const wanted = Math.max(0, Math.round(story.wants(resource, day)));
      if (wanted === 0) continue;
      book.wanted += wanted;
      const counter = byMonth.get(period) ?? { period, used: 0, refused: 0 };
      byMonth.set(period, counter);
      const limit = promised[tierOn(day)][resource];
      const admitted = Math.max(0, Math.min(wanted, limit - Number(counter["used"])));
      counter["used"] = Number(counter["used"]) + admitted;
      counter["refused"] = Number(counter["refused"]) + wanted - admitted;
      counter[`d${pad(date.getUTCDate())}`] = admitted;
      if (wanted > admitted) counter[`r${pad(date.getUTCDate())}`] = wanted - admitted;
      counter["tier"] = tierOn(day);
      counter["limit"] = Number.isFinite(limit) ? limit : -1;
      counter["overageMax"] = 0;
    }
    counters[resource] = [...byMonth.values()] as unknown as MonthCounter[];
    books[resource] = [...booked.values()];
  }
  const last = story.days - 1;
  return {
    counters,
    books,
    plan: {
      manufacturerId: "mfr_story",
      tier: tierOn(last),
      version: story.tiers.length,
      overrides: {},
      terms: story.tiers.map(([fromDay, tier]) => ({
        fromMs: signUpMs + fromDay * dayMs,
        tier,
        overrides: {},
      })),
    },
  };
}
