import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import { Problem } from "../problem.ts";
import type { checkUsageLimitRoute } from "./api.ts";
import type { Standing } from "./counter.ts";
import { isCurrent, standingOf } from "./counter.ts";
import { periodAt } from "./period.ts";
import { quotaOf } from "./plan-history.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import type { UsageStore } from "./store.ts";
import type { Resource } from "./tiers.ts";

/**
 * Where the caller's manufacturer stands with a resource: looks, never spends. One read; the plan is
 * read as well while nothing was charged in the period, or when an override has just ended.
 *
 * @throws Problem `not-found` without a plan
 */
export async function checkUsageLimit(
  { params, caller }: OperationRequest<typeof checkUsageLimitRoute>,
  { usage, now }: { usage: UsageStore; now: Clock },
): Promise<Reply<OperationBody<typeof checkUsageLimitRoute>>> {
  const nowMs = now();
  const standing = await readStanding(usage, caller.manufacturerId, params.resource, nowMs);
  return new Reply(standing, rateLimitFields([standing], nowMs));
}

const readStanding = performanceMonitor(innerOperations.usageCheck)(lookUp);

async function lookUp(
  usage: UsageStore,
  manufacturerId: string,
  resource: Resource,
  nowMs: number,
): Promise<Standing> {
  const period = periodAt(nowMs);
  const counter = await usage.readCounter(manufacturerId, resource, period);
  const used = counter?.used ?? 0;
  if (isCurrent(counter, nowMs)) return standingOf(resource, period, counter, used);
  const plan = await usage.readPlan(manufacturerId);
  if (!plan) throw new Problem("not-found", { detail: "The manufacturer has no plan." });
  const quota = quotaOf(plan, resource, nowMs, period.endsAtMs);
  return standingOf(resource, period, quota, used);
}
