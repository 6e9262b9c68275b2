import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import type { overrideLimitRoute } from "./operator-api.ts";
import { periodAt } from "./period.ts";
import { quotaOf } from "./plan-history.ts";
import type { PlanStore } from "./plan-store.ts";
import type { Override, Plan, Resource } from "./tiers.ts";

/**
 * Replaces a manufacturer's limit of one resource, at once and until it expires, if it does; with
 * `overageMax` the limit is soft. The limit `null` takes the tier's again.
 *
 * @throws Problem `invalid-request` for an expiry in the past, `not-found`, `contention`
 */
export async function overrideLimit(
  { params, body, caller, origin }: OperationRequest<typeof overrideLimitRoute>,
  { plans, now }: { plans: PlanStore; now: Clock },
): Promise<OperationBody<typeof overrideLimitRoute>> {
  const nowMs = now();
  const { resource, limit, overageMax = 0, reason, expiresAt } = body;
  const expiresAtMs = expiresAt === undefined ? undefined : Date.parse(expiresAt);
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    throw invalidRequest([{ pointer: "/body/expiresAt", code: "in-the-past" }]);
  }
  const override: Override | undefined =
    limit === null
      ? undefined
      : { limit, overageMax, reason, setBy: caller.memberId, setAtMs: nowMs, expiresAtMs };
  const plan = await plans.changePlan(
    caller,
    params.id,
    (present) => ({
      tier: present.tier,
      overrides: withOverride(present.overrides, resource, override),
    }),
    {
      actorId: caller.memberId,
      subjectId: params.id,
      action: "usage.limit.overridden",
      outcome: "success",
      origin,
      timeMs: nowMs,
      details: {
        resource,
        reason,
        overageMax,
        ...(limit === null ? { toTierLimit: true } : { limit }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      },
    },
  );
  const quota = quotaOf(plan, resource, nowMs, periodAt(nowMs).endsAtMs);
  return {
    manufacturerId: plan.manufacturerId,
    tier: plan.tier,
    version: plan.version,
    resource,
    limit: quota.limit,
    overageMax: quota.overageMax,
    ...(override?.expiresAtMs === undefined ? {} : { expiresAt: toRfc3339(override.expiresAtMs) }),
  };
}

function withOverride(
  overrides: Plan["overrides"],
  resource: Resource,
  override: Override | undefined,
): Plan["overrides"] {
  const { [resource]: _, ...others } = overrides;
  return override ? { ...others, [resource]: override } : others;
}
