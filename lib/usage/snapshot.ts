import type { Counter } from "./counter.ts";
import type { Period } from "./period.ts";
import { daysIn } from "./period.ts";
import type { Plan, Resource, Tier } from "./tiers.ts";
import { quotaOf, resources, tiers, unlimited } from "./tiers.ts";

/** What a manufacturer had used of one resource when the period was closed. */
export interface ResourceSnapshot {
  limit: number;
  overageMax: number;
  used: number;
  overage: number;
  refused: number;
  /** Units of each day of the period. */
  days: readonly number[];
}

/** A closed period: history that no later change of plan rewrites. */
export interface Snapshot {
  manufacturerId: string;
  period: string;
  tier: Tier;
  closedAtMs: number;
  resources: Record<Resource, ResourceSnapshot>;
  /** Set when the limits have stood in the manufacturer's way. */
  suggestedTier?: Tier;
}

/** The units of each day from a counter's buckets, from the first day on. */
export function dayUnits(counter: object | undefined, dayCount: number): number[] {
  const buckets = (counter ?? {}) as Record<string, number | undefined>;
  return Array.from(
    { length: dayCount },
    (_, day) => buckets[`d${String(day + 1).padStart(2, "0")}`] ?? 0,
  );
}

/** Whether the limit was met, or units were refused, in a period. */
export const wasShort = ({ limit, used, refused }: Omit<ResourceSnapshot, "days">): boolean =>
  limit !== unlimited && (refused > 0 || used >= limit);

const monthsShortMin = 2;

/**
 * Sums a period up. The next tier is suggested where some resource ran short in this period and in at
 * least one of the two before.
 *
 * @param earlier snapshots of the two periods before, as far as there are any.
 */
export function snapshotOf(
  plan: Plan,
  counters: Partial<Record<Resource, Counter>>,
  period: Period,
  earlier: readonly Snapshot[],
  closedAtMs: number,
): Snapshot {
  const byResource = Object.fromEntries(
    resources.map((resource) => [resource, resourceSnapshot(plan, resource, counters, period)]),
  ) as Record<Resource, ResourceSnapshot>;
  const nextTier = tiers[tiers.indexOf(plan.tier) + 1];
  const isShort = resources.some((resource) => {
    const monthsShort = [byResource, ...earlier.map(({ resources: past }) => past)].filter(
      (month) => wasShort(month[resource]),
    ).length;
    return wasShort(byResource[resource]) && monthsShort >= monthsShortMin;
  });
  return {
    manufacturerId: plan.manufacturerId,
    period: period.name,
    tier: plan.tier,
    closedAtMs,
    resources: byResource,
    ...(isShort && nextTier ? { suggestedTier: nextTier } : {}),
  };
}

function resourceSnapshot(
  plan: Plan,
  resource: Resource,
  counters: Partial<Record<Resource, Counter>>,
  period: Period,
): ResourceSnapshot {
  const counter = counters[resource];
  const { limit, overageMax } =
    counter ?? quotaOf(plan, resource, period.endsAtMs - 1, period.endsAtMs);
  const used = counter?.used ?? 0;
  return {
    limit,
    overageMax,
    used,
    overage: limit === unlimited ? 0 : Math.max(0, used - limit),
    refused: counter?.refused ?? 0,
    days: dayUnits(counter, daysIn(period)),
  };
}
