/** What is counted: one counter per manufacturer, resource and calendar month. */
export const resources = ["product_uploads", "ml_requests", "api_calls"] as const;
export type Resource = (typeof resources)[number];

/** A value for each resource. */
export const byResource = <Value>(of: (resource: Resource) => Value): Record<Resource, Value> =>
  Object.fromEntries(resources.map((resource) => [resource, of(resource)])) as Record<
    Resource,
    Value
  >;

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

/** What a manufacturer is entitled to from a moment on, epoch ms. */
export interface PlanTerms {
  fromMs: number;
  tier: Tier;
  overrides: Partial<Record<Resource, Pick<Override, "limit" | "overageMax" | "expiresAtMs">>>;
}

/** What a manufacturer is entitled to. Every change adds 1 to `version`. */
export interface Plan {
  manufacturerId: string;
  tier: Tier;
  version: number;
  overrides: Partial<Record<Resource, Override>>;
  /**
   * The present terms and earlier ones, oldest first, each from the moment it took effect. Plans of
   * 0.1.0 have none until they change; their first terms then begin at 0.
   */
  terms?: readonly PlanTerms[];
}

/** The entitlement to one resource, and until when it is known not to change by itself. */
export interface Quota {
  tier: Tier;
  limit: number;
  overageMax: number;
  validUntilMs: number;
}

/**
 * The quota of some terms at a moment: the override while it lasts, else the tier's limit.
 *
 * @param endMs a quota is never valid beyond its period.
 */
export function termsQuota(
  { tier, overrides }: Pick<PlanTerms, "tier" | "overrides">,
  resource: Resource,
  nowMs: number,
  endMs: number,
): Quota {
  const override = overrides[resource];
  const expiresAtMs = override?.expiresAtMs ?? Number.POSITIVE_INFINITY;
  return override && expiresAtMs > nowMs
    ? {
        tier,
        limit: override.limit,
        overageMax: override.overageMax,
        validUntilMs: Math.min(expiresAtMs, endMs),
      }
    : { tier, limit: tierLimits[tier][resource], overageMax: 0, validUntilMs: endMs };
}

/** The most that may be used in a period: the limit, and the overage where one is granted. */
export const ceilingOf = ({ limit, overageMax }: Pick<Quota, "limit" | "overageMax">): number =>
  limit === unlimited ? Number.POSITIVE_INFINITY : limit + overageMax;
