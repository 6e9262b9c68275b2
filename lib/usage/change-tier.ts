import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { changeTierRoute } from "./operator-api.ts";
import type { PlanStore } from "./plan-store.ts";

/**
 * Changes a manufacturer's tier. Once answered, no charge anywhere is judged by the old tier; what was
 * used so far in the month stays used. The same tier again changes nothing.
 *
 * @throws Problem `not-found`, `contention`
 */
export async function changeTier(
  { params, body, caller, origin }: OperationRequest<typeof changeTierRoute>,
  { plans, now }: { plans: PlanStore; now: Clock },
): Promise<OperationBody<typeof changeTierRoute>> {
  const { manufacturerId, tier, version } = await plans.changePlan(
    caller,
    params.id,
    (plan) => (plan.tier === body.tier ? undefined : { ...plan, tier: body.tier }),
    {
      actorId: caller.memberId,
      subjectId: params.id,
      action: "usage.tier.changed",
      outcome: "success",
      origin,
      timeMs: now(),
      details: { tier: body.tier },
    },
  );
  return { manufacturerId, tier, version };
}
