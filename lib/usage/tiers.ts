/** What is counted: one counter per manufacturer, resource and calendar month. */
export const resources = ["product_uploads", "ml_requests", "api_calls"] as const;
export type Resource = (typeof resources)[number];

export const tiers = ["free", "professional", "enterprise"] as const;
export type Tier = (typeof tiers)[number];

/** Stands for "no limit"; the units are counted all the same. */
export const unlimited = -1;

/** Units per calendar month (UTC). */
export const tierLimits: Readonly<Record<Tier, Readonly<Record<Resource, number>>>> = {
  free: { product_uploads: 100, ml_requests: 50, api_calls: 1_000 },
  professional: { product_uploads: 1_000, ml_requests: 500, api_calls: 10_000 },
  enterprise: { product_uploads: unlimited, ml_requests: 5_000, api_calls: 100_000 },
};

/** Resources whose every unit is worth a ledger entry: charged exactly once per key and month. */
export const ledgerResources: readonly Resource[] = ["product_uploads", "ml_requests"];

/** An operator's exception from the tier for one resource. */
export interface Override {
  limit: number;
  /** Units beyond the limit that are still admitted and tracked; 0 makes the limit hard. */
  overageMax: number;
  reason: string;
  setBy: string;
  setAtMs: number;
  /** Absent: until replaced. */
  expiresAtMs?: number | undefined;
}

/** What a manufacturer is entitled to. Every change adds 1 to `version`. */
export interface Plan {
  manufacturerId: string;
  tier: Tier;
  version: number;
  overrides: Partial<Record<Resource, Override>>;
}

/** The entitlement to one resource, and until when it is known not to change by itself. */
export interface Quota {
  tier: Tier;
  limit: number;
  overageMax: number;
  validUntilMs: number;
}

/**
 * The quota that holds at a moment: the override while it lasts, else the tier's limit.
 *
 * @param periodEndMs a quota is never valid beyond its period.
 */
export function quotaOf(plan: Plan, resource: Resource, nowMs: number, periodEndMs: number): Quota {
  const override = plan.overrides[resource];
  const endsAtMs = override?.expiresAtMs ?? Number.POSITIVE_INFINITY;
  return override && endsAtMs > nowMs
    ? {
        tier: plan.tier,
        limit: override.limit,
        overageMax: override.overageMax,
        validUntilMs: Math.min(endsAtMs, periodEndMs),
      }
    : {
        tier: plan.tier,
        limit: tierLimits[plan.tier][resource],
        overageMax: 0,
        validUntilMs: periodEndMs,
      };
}

/** The most that may be used in a period: the limit, and the overage where one is granted. */
export const ceilingOf = ({ limit, overageMax }: Pick<Quota, "limit" | "overageMax">): number =>
  limit === unlimited ? Number.POSITIVE_INFINITY : limit + overageMax;
