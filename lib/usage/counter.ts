import { toRfc3339 } from "../clock.ts";
import type { Period } from "./period.ts";
import type { Quota, Resource, Tier } from "./tiers.ts";
import { ceilingOf, unlimited } from "./tiers.ts";

/**
 * One manufacturer's use of one resource in one period, as stored. Beside these attributes the item
 * holds a bucket of units for each day (`d01` to `d31`).
 */
export interface Counter {
  tier: Tier;
  limit: number;
  overageMax: number;
  /** The plan has to be read again from this moment on. */
  limitValidUntilMs: number;
  used: number;
  /** Limit and overage less `used`; without meaning where the limit is -1. */
  remaining: number;
  /** Units that were refused and recorded: a lower bound, for advice on tiers. */
  refused?: number;
  /** Of `used`, units that environments have taken in advance and not settled: an upper bound of those not charged. */
  leased?: number;
  /** Id of the latest charge without a key: tells whether it was made when its answer is lost. */
  lastCharge?: string;
}

/** Where a manufacturer stands with a resource; the wire shape of every answer about usage. */
export interface Standing {
  resource: Resource;
  tier: Tier;
  period: string;
  limit: number;
  used: number;
  remaining: number;
  /** Whether one more unit would be admitted. */
  allowed: boolean;
  /** Units beyond the limit: used, and admitted at most. */
  overage: { used: number; max: number };
  resetsAt: string;
}

/** The standing that a quota and the units used so far make. */
export function standingOf(
  resource: Resource,
  period: Period,
  quota: Omit<Quota, "validUntilMs">,
  used: number,
): Standing {
  const { tier, limit, overageMax } = quota;
  const isUnlimited = limit === unlimited;
  return {
    resource,
    tier,
    period: period.name,
    limit,
    used,
    remaining: isUnlimited ? unlimited : Math.max(0, limit - used),
    allowed: used < ceilingOf(quota),
    overage: { used: isUnlimited ? 0 : Math.max(0, used - limit), max: overageMax },
    resetsAt: toRfc3339(period.endsAtMs),
  };
}

/** Whether the counter's limit may be relied upon at a moment. */
export const isCurrent = (counter: Counter | undefined, nowMs: number): counter is Counter =>
  counter !== undefined && counter.limitValidUntilMs > nowMs;

export const hasRoomFor = (counter: Counter, amount: number): boolean =>
  counter.limit === unlimited || counter.remaining >= amount;
