import type { MonthDemand } from "./demand.ts";
import { demandOf } from "./demand.ts";
import type { Resource, Tier } from "./tiers.ts";
import { byResource, resources, tierLimits, tiers, unlimited } from "./tiers.ts";

type Limits = Readonly<Record<Resource, number>>;

/** Everything that advice is made of. */
export interface AdviceInput {
  tier: Tier;
  /** The limits in force now: the tier's, or an operator's overrides. */
  limits: Limits;
  /** The last complete calendar months of each resource, oldest first, months without use included. */
  months: Readonly<Record<Resource, readonly MonthDemand[]>>;
  /**
   * The chance that this month's demand exceeds a limit, as seen now and as seen a week ago; undefined
   * while it is unknown, 0 where nothing was ever asked for.
   */
  chance: (
    resource: Resource,
    limit: number,
  ) => { now: number | undefined; weekAgo: number | undefined };
}

/** What a tier would have meant: the units it would have refused, by resource. */
export interface TierOutcome {
  tier: Tier;
  refused: Record<Resource, number>;
  /** The chance that this month exceeds the tier's limit; absent where unknown. */
  chanceOfExceeding: Partial<Record<Resource, number>>;
}

export interface TierAdvice {
  action: "upgrade" | "downgrade" | "stay" | "too-little-data";
  tier: Tier;
  reasons: { code: AdviceReason; resource?: Resource }[];
  monthsConsidered: number;
  outcomes: TierOutcome[];
}

export type AdviceReason =
  | "limit-met-in-two-of-three-months"
  | "forecast-exceeds-limit"
  | "no-larger-tier"
  | "lower-tier-would-have-sufficed"
  | "limits-fit";

const likely = 0.5;
const unlikely = 0.05;
const monthsLookedAt = 3;
const monthsShortMin = 2;
const downgradeMonthsMin = 3;

/**
 * Which tier fits, judged by the limits in force now, whatever they were in earlier months.
 *
 * Up, where demand met a limit in two of the last three calendar months, or where this month is more
 * likely than not to exceed one, seen both now and a week ago: to the first tier under which neither
 * would be so, or the highest. Down, to the lowest tier that would have refused nothing in at least
 * three months and will hardly do so in this one.
 */
export function adviseTier(input: AdviceInput): TierAdvice {
  const { tier, limits, months } = input;
  const monthsConsidered = Math.max(...resources.map((resource) => months[resource].length));
  const outcomes = tiers.map((candidate) => outcomeOf(candidate, input));
  const advice = { monthsConsidered, outcomes };
  const shortfalls = shortfallsUnder(limits, input);
  if (shortfalls.length > 0) {
    const larger = largerTier(shortfalls, input);
    return larger
      ? { action: "upgrade", tier: larger, reasons: shortfalls, ...advice }
      : { action: "stay", tier, reasons: [...shortfalls, { code: "no-larger-tier" }], ...advice };
  }
  const lower = outcomes
    .slice(0, tiers.indexOf(tier))
    .find((outcome) => monthsConsidered >= downgradeMonthsMin && wouldSuffice(outcome, input));
  if (lower) {
    return {
      action: "downgrade",
      tier: lower.tier,
      reasons: [{ code: "lower-tier-would-have-sufficed" }],
      ...advice,
    };
  }
  return monthsConsidered === 0
    ? { action: "too-little-data", tier, reasons: [], ...advice }
    : { action: "stay", tier, reasons: [{ code: "limits-fit" }], ...advice };
}

type Shortfall = { code: AdviceReason; resource: Resource };

/** Why some limits would be too small, as far as past demand and the forecast tell. */
function shortfallsUnder(limits: Limits, { months, chance }: AdviceInput): Shortfall[] {
  return resources.flatMap((resource) => {
    const limit = limits[resource];
    if (limit === unlimited) return [];
    const monthsShort = months[resource]
      .slice(-monthsLookedAt)
      .filter((month) => demandOf(month) >= limit).length;
    const { now = 0, weekAgo = 0 } = chance(resource, limit);
    return [
      ...(monthsShort >= monthsShortMin
        ? [{ code: "limit-met-in-two-of-three-months", resource } as const]
        : []),
      ...(now >= likely && weekAgo >= likely
        ? [{ code: "forecast-exceeds-limit", resource } as const]
        : []),
    ];
  });
}

/** The first tier that ends every shortfall, else the highest that eases them; undefined where none does. */
function largerTier(shortfalls: readonly Shortfall[], input: AdviceInput): Tier | undefined {
  const { limits } = input;
  const helpful = tiers
    .slice(tiers.indexOf(input.tier) + 1)
    .filter((tier) =>
      shortfalls.some(({ resource }) => isLarger(tierLimits[tier][resource], limits[resource])),
    );
  const sufficient = helpful.find(
    (tier) => shortfallsUnder(largerOf(tierLimits[tier], limits), input).length === 0,
  );
  return sufficient ?? helpful.at(-1);
}

const isLarger = (limit: number, other: number): boolean =>
  other !== unlimited && (limit === unlimited || limit > other);

/** An override is not lost by going up: the larger limit counts. */
const largerOf = (limits: Limits, others: Limits): Limits =>
  byResource((resource) =>
    isLarger(limits[resource], others[resource]) ? limits[resource] : others[resource],
  );

function outcomeOf(tier: Tier, { months, chance }: AdviceInput): TierOutcome {
  const refused = byResource((resource) => {
    const limit = tierLimits[tier][resource];
    const beyond = months[resource].map((month) =>
      limit === unlimited ? 0 : Math.max(0, demandOf(month) - limit),
    );
    return beyond.reduce((total, units) => total + units, 0);
  });
  const chanceOfExceeding = Object.fromEntries(
    resources.flatMap((resource) => {
      const limit = tierLimits[tier][resource];
      const now = limit === unlimited ? 0 : chance(resource, limit).now;
      return now === undefined ? [] : [[resource, round(now)]];
    }),
  );
  return { tier, refused, chanceOfExceeding };
}

function wouldSuffice(
  { tier, refused, chanceOfExceeding }: TierOutcome,
  input: AdviceInput,
): boolean {
  return (
    resources.every(
      (resource) => refused[resource] === 0 && (chanceOfExceeding[resource] ?? 1) < unlikely,
    ) && shortfallsUnder(tierLimits[tier], input).length === 0
  );
}

const round = (probability: number): number => Math.round(probability * 1000) / 1000;
