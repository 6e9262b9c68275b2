import type { Resource, Tier } from "./tiers.ts";
import { resources, tierLimits, tiers, unlimited } from "./tiers.ts";

/** A complete month of one resource. */
export interface MonthDemand {
  period: string;
  limit: number;
  used: number;
  /** Units refused and recorded, a lower bound. */
  refused: number;
}

/** Everything that advice is made of. */
export interface AdviceInput {
  tier: Tier;
  /** Complete months of each resource, oldest first, twelve at most. */
  months: Readonly<Record<Resource, readonly MonthDemand[]>>;
  /** The chance that this month's use exceeds a limit: as seen now and as seen a week ago. */
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
  | "lower-tier-would-have-sufficed"
  | "limits-fit";

const neverExceeded = { now: 0, weekAgo: 0 };
const likely = 0.5;
const unlikely = 0.05;
const downgradeMonthsMin = 3;

const isShort = ({ limit, used, refused }: MonthDemand): boolean =>
  limit !== unlimited && (refused > 0 || used >= limit);

/**
 * Which tier fits: up when limits were met in two of the last three months, or when this month is more
 * likely than not to exceed one, seen both now and a week ago; down when the lower tier would have
 * refused nothing for at least three months and will hardly do so in this one.
 */
export function adviseTier(input: AdviceInput): TierAdvice {
  const { tier, months } = input;
  const monthsConsidered = Math.max(...resources.map((resource) => months[resource].length));
  const outcomes = tiers.map((candidate) => outcomeOf(candidate, input));
  const advice = { monthsConsidered, outcomes };
  const above = tiers[tiers.indexOf(tier) + 1];
  const upgradeReasons = resources.flatMap((resource) => reasonsToUpgrade(resource, input));
  if (above && upgradeReasons.length > 0) {
    return { action: "upgrade", tier: above, reasons: upgradeReasons, ...advice };
  }
  const below = outcomes[tiers.indexOf(tier) - 1];
  if (below && monthsConsidered >= downgradeMonthsMin && wouldSuffice(below)) {
    return {
      action: "downgrade",
      tier: below.tier,
      reasons: [{ code: "lower-tier-would-have-sufficed" }],
      ...advice,
    };
  }
  return monthsConsidered === 0
    ? { action: "too-little-data", tier, reasons: [], ...advice }
    : { action: "stay", tier, reasons: [{ code: "limits-fit" }], ...advice };
}

function outcomeOf(tier: Tier, { months, chance }: AdviceInput): TierOutcome {
  const refused = Object.fromEntries(
    resources.map((resource) => {
      const limit = tierLimits[tier][resource];
      const beyond = months[resource].map(({ used, refused: already }) =>
        limit === unlimited ? 0 : Math.max(0, used + already - limit),
      );
      return [resource, beyond.reduce((total, units) => total + units, 0)];
    }),
  ) as Record<Resource, number>;
  const chanceOfExceeding = Object.fromEntries(
    resources.flatMap((resource) => {
      const limit = tierLimits[tier][resource];
      const { now } = limit === unlimited ? neverExceeded : chance(resource, limit);
      return now === undefined ? [] : [[resource, round(now)]];
    }),
  );
  return { tier, refused, chanceOfExceeding };
}

function reasonsToUpgrade(
  resource: Resource,
  { tier, months, chance }: AdviceInput,
): TierAdvice["reasons"] {
  const limit = months[resource].at(-1)?.limit ?? tierLimits[tier][resource];
  if (tierLimits[tier][resource] === unlimited) return [];
  const { now = 0, weekAgo = 0 } = limit === unlimited ? neverExceeded : chance(resource, limit);
  const isShortOften = months[resource].slice(-3).filter(isShort).length >= 2;
  return [
    ...(isShortOften ? [{ code: "limit-met-in-two-of-three-months", resource } as const] : []),
    ...(now >= likely && weekAgo >= likely
      ? [{ code: "forecast-exceeds-limit", resource } as const]
      : []),
  ];
}

const wouldSuffice = ({ refused, chanceOfExceeding }: TierOutcome): boolean =>
  resources.every(
    (resource) => refused[resource] === 0 && (chanceOfExceeding[resource] ?? 1) < unlikely,
  );

const round = (probability: number): number => Math.round(probability * 1000) / 1000;
