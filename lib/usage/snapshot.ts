import type { Counter } from "./counter.ts";
import { calendarMonths, dayUnits } from "./demand.ts";
import type { Period } from "./period.ts";
import { daysIn, shiftPeriod } from "./period.ts";
import type { PlanStretch } from "./plan-history.ts";
import { planBeganMs, quotaOf, stretchesOf, termsIn } from "./plan-history.ts";
import { adviseTier } from "./tier-advice.ts";
import type { Plan, Resource, Tier } from "./tiers.ts";
import { byResource, unlimited } from "./tiers.ts";

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
  /** The tier in force when the period ended. */
  tier: Tier;
  /** What the plan was in the course of the period; absent in snapshots of 0.1.0. */
  plans?: readonly PlanStretch[];
  closedAtMs: number;
  resources: Record<Resource, ResourceSnapshot>;
  /** Set when the limits have stood in the manufacturer's way. */
  suggestedTier?: Tier;
}

/**
 * Sums a period up, by the plan and the limits that were in force in it.
 *
 * @param counters the period's own, each with the limit that it was charged under.
 */
export function snapshotOf(
  plan: Plan,
  counters: Partial<Record<Resource, Counter>>,
  period: Period,
  closedAtMs: number,
): Snapshot {
  return {
    manufacturerId: plan.manufacturerId,
    period: period.name,
    tier: termsIn(plan, period.endsAtMs).tier,
    plans: stretchesOf(plan, period),
    closedAtMs,
    resources: byResource((resource) => resourceSnapshot(plan, resource, counters, period)),
  };
}

/**
 * The tier to suggest at the close of a period, by the same rule as `GET /v1/usage/analytics`: judged
 * by the limits in force now, so that whoever has just changed to a tier that fits hears nothing.
 *
 * @param earlier snapshots of the two periods before, as far as there are any.
 */
export function suggestTier(
  plan: Plan,
  snapshot: Snapshot,
  period: Period,
  earlier: readonly Snapshot[],
  nowMs: number,
): Tier | undefined {
  const calendar = [shiftPeriod(period, -2), shiftPeriod(period, -1), period];
  const snapshots = [...earlier, snapshot].sort((a, b) => a.period.localeCompare(b.period));
  const firstPeriod = new Date(planBeganMs(plan) ?? 0).toISOString().slice(0, 7);
  const { action, tier } = adviseTier({
    tier: plan.tier,
    limits: byResource(
      (resource) => quotaOf(plan, resource, nowMs, Number.POSITIVE_INFINITY).limit,
    ),
    months: byResource((resource) =>
      calendarMonths(
        snapshots.map(({ period: name, resources: all }) => ({ period: name, ...all[resource] })),
        calendar,
        firstPeriod,
        () => unlimited,
      ),
    ),
    chance: () => ({ now: undefined, weekAgo: undefined }),
  });
  return action === "upgrade" ? tier : undefined;
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
