import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { listUsageRoute } from "./api.ts";
import { standingOf } from "./counter.ts";
import { periodAt } from "./period.ts";
import { quotaOf } from "./plan-history.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import type { UsageStore } from "./store.ts";
import { resources } from "./tiers.ts";

/**
 * Where the caller's manufacturer stands with every resource, by one batch read.
 *
 * @throws Problem `not-found` without a plan
 */
export async function listUsage(
  { caller }: OperationRequest<typeof listUsageRoute>,
  { usage, now }: { usage: UsageStore; now: Clock },
): Promise<Reply<OperationBody<typeof listUsageRoute>>> {
  const nowMs = now();
  const period = periodAt(nowMs);
  const { plan, counters } = await usage.readAll(caller.manufacturerId, period);
  if (!plan) throw new Problem("not-found", { detail: "The manufacturer has no plan." });
  const items = resources.map((resource) =>
    standingOf(
      resource,
      period,
      quotaOf(plan, resource, nowMs, period.endsAtMs),
      counters[resource]?.used ?? 0,
    ),
  );
  return new Reply({ tier: plan.tier, period: period.name, items }, rateLimitFields(items, nowMs));
}
