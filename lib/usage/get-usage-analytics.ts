import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { getUsageAnalyticsRoute } from "./analytics-api.ts";
import type { DatedSeries } from "./daily-series.ts";
import { dailySeries } from "./daily-series.ts";
import type { HistoryStore, MonthCounter } from "./history-store.ts";
import type { Outlook } from "./outlook.ts";
import { probabilityOfExceeding } from "./outlook.ts";
import { dayMs, periodAt, shiftPeriod } from "./period.ts";
import { outlookAt, resourceAnalytics } from "./resource-analytics.ts";
import type { UsageStore } from "./store.ts";
import type { MonthDemand } from "./tier-advice.ts";
import { adviseTier } from "./tier-advice.ts";
import type { Plan, Resource } from "./tiers.ts";
import { quotaOf, resources } from "./tiers.ts";

const monthsBack = 12;

type Analytics = OperationBody<typeof getUsageAnalyticsRoute>;

/**
 * A year of use by month and two months by day, the trend, where this month will end and when a limit
 * will be reached, and the tier that fits, with everything the advice is made of.
 *
 * @throws Problem `not-found` without a plan
 */
export async function getUsageAnalytics(
  { caller }: OperationRequest<typeof getUsageAnalyticsRoute>,
  {
    history,
    usage,
    now,
  }: { history: HistoryStore; usage: Pick<UsageStore, "readPlan">; now: Clock },
): Promise<Analytics> {
  const nowMs = now();
  const period = periodAt(nowMs);
  const first = shiftPeriod(period, -monthsBack);
  const [plan, ...counters] = await Promise.all([
    usage.readPlan(caller.manufacturerId),
    ...resources.map((resource) =>
      history.readMonths(caller.manufacturerId, resource, first, period),
    ),
  ]);
  if (!plan) throw new Problem("not-found", { detail: "The manufacturer has no plan." });
  const byResource = Object.fromEntries(
    resources.map((resource, index) => [resource, counters[index] ?? []]),
  ) as Record<Resource, MonthCounter[]>;
  return toAnalytics(plan, byResource, nowMs);
}

function toAnalytics(
  plan: Plan,
  months: Readonly<Record<Resource, readonly MonthCounter[]>>,
  nowMs: number,
): Analytics {
  const period = periodAt(nowMs);
  const views = Object.fromEntries(
    resources.map((resource) => [resource, viewOf(months[resource], nowMs)]),
  ) as Record<Resource, View>;
  return {
    period: period.name,
    tier: plan.tier,
    items: resources.map((resource) =>
      resourceAnalytics({
        resource,
        limit: quotaOf(plan, resource, nowMs, period.endsAtMs).limit,
        outlook: views[resource].now,
        ...views[resource],
      }),
    ),
    advice: adviseTier({
      tier: plan.tier,
      months: Object.fromEntries(
        resources.map((resource) => [resource, views[resource].months]),
      ) as Record<Resource, MonthDemand[]>,
      chance: (resource, limit) => {
        const { now, weekAgo } = views[resource];
        return {
          now: now && probabilityOfExceeding(limit, now),
          weekAgo: weekAgo && probabilityOfExceeding(limit, weekAgo),
        };
      },
    }),
  };
}

/** One resource's past, and its outlook as it is and as it was a week ago. */
interface View {
  current: MonthCounter | undefined;
  months: MonthDemand[];
  series: DatedSeries;
  now: Outlook | undefined;
  weekAgo: Outlook | undefined;
}

function viewOf(months: readonly MonthCounter[], nowMs: number): View {
  const { name: present } = periodAt(nowMs);
  const current = months.find(({ period }) => period === present);
  const series = dailySeries(months, nowMs);
  return {
    current,
    series,
    months: months.flatMap(({ period, limit, used, refused = 0 }) =>
      period === present ? [] : [{ period, limit, used, refused }],
    ),
    now: outlookAt(series, current, nowMs),
    weekAgo: outlookAt(series, current, nowMs - 7 * dayMs),
  };
}
