import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAnalytics } from "../../../../lib/usage/get-usage-analytics.ts";
import type { Resource, Tier } from "../../../../lib/usage/tiers.ts";
import type { Played, Story } from "./histories.ts";
import { play, promised } from "./histories.ts";

const dayMs = 86_400_000;
const ladder = ["free", "professional", "enterprise"] as const;
const all = ["product_uploads", "ml_requests", "api_calls"] as const;

type Answer = ReturnType<typeof toAnalytics>;

/** The chance that the answer itself shows for a tier; certain to fit where the tier has no limit. */
const shown = ({ advice }: Answer, tier: Tier, resource: Resource): number | undefined =>
  advice.outcomes.find((outcome) => outcome.tier === tier)?.chanceOfExceeding[resource];

/** Advice found by trying every tier against the books, and against the chances that the answer shows. */
function bruteForce({ plan, books }: Played, now: Answer, weekAgo: Answer | undefined) {
  const complete = (resource: Resource) => books[resource].slice(0, -1).slice(-12);
  const tooSmall = (tier: Tier): boolean =>
    all.some((resource) => {
      const limit = promised[tier][resource];
      const months = complete(resource).slice(-3);
      const short = months.filter(({ wanted }) => wanted >= limit).length;
      const chances = [now, weekAgo].map(
        (answer) => answer && (shown(answer, tier, resource) ?? 0),
      );
      return short >= 2 || chances.every((chance) => chance !== undefined && chance >= 0.5);
    });
  const sure = (tier: Tier): boolean =>
    all.every(
      (resource) =>
        complete(resource).every(({ wanted }) => wanted <= promised[tier][resource]) &&
        (shown(now, tier, resource) ?? 1) < 0.05,
    ) && !tooSmall(tier);
  const present = ladder.indexOf(plan.tier);
  if (tooSmall(plan.tier)) {
    const higher = ladder.slice(present + 1);
    const tier = higher.find((candidate) => !tooSmall(candidate)) ?? higher.at(-1);
    return tier === undefined ? { action: "stay", tier: plan.tier } : { action: "upgrade", tier };
  }
  const months = complete("api_calls").length;
  const lower = months >= 3 ? ladder.slice(0, present).find(sure) : undefined;
  if (lower) return { action: "downgrade", tier: lower };
  return { action: months === 0 ? "too-little-data" : "stay", tier: plan.tier };
}

/** Chances on a threshold would be judged by digits that the answer does not show. */
const isClear = (answer: Answer): boolean =>
  answer.advice.outcomes.every(({ chanceOfExceeding }) =>
    Object.values(chanceOfExceeding).every(
      (chance) => Math.abs(chance - 0.5) > 0.001 && Math.abs(chance - 0.05) > 0.001,
    ),
  );

const nowMs = Date.UTC(2026, 10, 24, 12);
const weekday = (day: number) => (day % 7 < 5 ? 1.3 : 0.25);
const only =
  (resource: Resource, units: (day: number) => number) => (name: Resource, day: number) =>
    name === resource ? units(day) : 0;

/** Units a day that fill a tier's month to a share. */
const share = (tier: Tier, resource: Resource, part: number): number => {
  const limit = promised[tier][resource];
  return ((Number.isFinite(limit) ? limit : 20_000) / 30) * part;
};

interface Draw {
  tier: Tier;
  other: Tier;
  resource: Resource;
  part: number;
  days: number;
  noise: (day: number) => number;
}

const kinds: Record<string, (draw: Draw) => Omit<Story, "days">> = {
  "steady use": ({ tier, resource, part, noise }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => share(tier, resource, part) * noise(day)),
  }),
  "use in business weeks of everything": ({ tier, part, noise }) => ({
    tiers: [[0, tier]],
    wants: (resource, day) => share(tier, resource, part) * weekday(day) * noise(day),
  }),
  growth: ({ tier, resource, part, days, noise }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => (share(tier, resource, 2 * part) * day * noise(day)) / days),
  }),
  decline: ({ tier, resource, part, days, noise }) => ({
    tiers: [[0, tier]],
    wants: only(
      resource,
      (day) => (share(tier, resource, 2 * part) * (days - day) * noise(day)) / days,
    ),
  }),
  "short months long ago, then nothing": ({ tier, resource, days }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => (day < days / 4 ? share(tier, resource, 1.5) : 0)),
  }),
  "a change of tier in the last days": ({ tier, other, resource, part, days, noise }) => ({
    tiers: [
      [0, tier],
      [Math.max(1, days - 12), other],
    ],
    wants: only(resource, (day) => share(tier, resource, 1.6 * part) * noise(day)),
  }),
  "a change of tier months ago": ({ tier, other, resource, part, days, noise }) => ({
    tiers: [
      [0, tier],
      [Math.max(1, Math.floor(days / 2)), other],
    ],
    wants: only(resource, (day) => share(tier, resource, 1.6 * part) * noise(day)),
  }),
  "demand far above the limit": ({ tier, resource, part, noise }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => share(tier, resource, 40 * part) * noise(day)),
  }),
  "the whole month on its first day": ({ tier, resource, part, days }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => {
      const date = new Date(nowMs - (days - 1 - day) * dayMs).getUTCDate();
      return date === 1 ? 30 * share(tier, resource, 1.3 * part) : 0;
    }),
  }),
  "light use of one resource on a paid tier": ({ other, resource, noise }) => ({
    tiers: [[0, other === "free" ? "professional" : other]],
    wants: only(resource, (day) => share("free", resource, 0.1) * noise(day)),
  }),
  "no use at all": ({ tier }) => ({ tiers: [[0, tier]], wants: () => 0 }),
  "now and then": ({ tier, resource, part, noise }) => ({
    tiers: [[0, tier]],
    wants: only(resource, (day) => (noise(day) > 1.35 ? 12 * share(tier, resource, part) : 0)),
  }),
};

const draws = fc.record({
  tier: fc.constantFrom(...ladder),
  other: fc.constantFrom(...ladder),
  resource: fc.constantFrom(...all),
  part: fc.double({ min: 0.05, max: 1.4, noNaN: true }),
  days: fc.integer({ min: 1, max: 400 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** The same pseudo-random factor, 0.5 to 1.5, for the same day. */
const noiseOf =
  (seed: number) =>
  (day: number): number => {
    const x = Math.sin(seed * 12.9898 + day * 78.233) * 43_758.5453;
    return 0.5 + x - Math.floor(x);
  };

describe("advice on tiers agrees with trying every tier against the books", () => {
  it.each(Object.keys(kinds))("for %s", (kind) => {
    let judged = 0;
    fc.assert(
      fc.property(draws, ({ seed, ...draw }) => {
        const story = { days: draw.days, ...kinds[kind]?.({ ...draw, noise: noiseOf(seed) }) };
        const played = play(story as Story, nowMs, nowMs + dayMs);
        const now = toAnalytics(played.plan, played.counters, nowMs);
        const before = nowMs - 7 * dayMs;
        const then = play(story as Story, nowMs, before);
        const weekAgo = toAnalytics(then.plan, then.counters, before);
        if (!isClear(now) || !isClear(weekAgo)) return;
        judged += 1;
        const { action, tier } = now.advice;
        expect({ action, tier }).toEqual(bruteForce(played, now, weekAgo));
      }),
      { numRuns: 60 },
    );
    expect(judged).toBeGreaterThan(40);
  });

  it("and never urges an upgrade while every figure beside it says that nothing was refused", () => {
    fc.assert(
      fc.property(draws, fc.constantFrom(...Object.keys(kinds)), ({ seed, ...draw }, kind) => {
        const story = { days: draw.days, ...kinds[kind]?.({ ...draw, noise: noiseOf(seed) }) };
        const { plan, counters, books } = play(story as Story, nowMs, nowMs + dayMs);
        const { advice } = toAnalytics(plan, counters, nowMs);
        if (advice.action !== "upgrade") return;
        const metOnce = all.some((resource) =>
          books[resource].some(({ wanted }) => wanted >= promised[plan.tier][resource]),
        );
        const chances = advice.outcomes.find(({ tier }) => tier === plan.tier)?.chanceOfExceeding;
        expect(metOnce || Object.values(chances ?? {}).some((chance) => chance >= 0.5)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
