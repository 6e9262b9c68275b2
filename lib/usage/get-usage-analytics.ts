import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { getUsageAnalyticsRoute } from "./analytics-api.ts";
import type { DatedSeries } from "./daily-series.ts";
import { dailySeries } from "./daily-series.ts";
import type { MonthDemand } from "./demand.ts";
import { calendarMonths, dayDemand, dayUnits, demandOf } from "./demand.ts";
import type { HistoryStore, MonthCounter } from "./history-store.ts";
import type { Outlook } from "./outlook.ts";
import { probabilityOfExceeding } from "./outlook.ts";
import type { Period } from "./period.ts";
import { dayMs, daysIn, periodAt, shiftPeriod } from "./period.ts";
import { planBeganMs, quotaOf } from "./plan-history.ts";
import { outlookAt, resourceAnalytics } from "./resource-analytics.ts";
import type { UsageStore } from "./store.ts";
import { adviseTier } from "./tier-advice.ts";
import type { Plan, Resource } from "./tiers.ts";
import { byResource, resources } from "./tiers.ts";

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
  return toAnalytics(
    plan,
    byResource((resource) => counters[resources.indexOf(resource)] ?? []),
    nowMs,
  );
}

/** The analytics of a plan and its counters, oldest first, at a moment. */
export function toAnalytics(
  plan: Plan,
  counters: Readonly<Record<Resource, readonly MonthCounter[]>>,
  nowMs: number,
): Analytics {
  const period = periodAt(nowMs);
  const firstPeriod = firstMonthOf(plan, counters, period);
  const views = byResource((resource) =>
    viewOf(plan, resource, counters[resource], period, firstPeriod, nowMs),
  );
  return {
    period: period.name,
    tier: plan.tier,
    items: resources.map((resource) => resourceAnalytics({ resource, ...views[resource] })),
    advice: adviseTier({
      tier: plan.tier,
      limits: byResource((resource) => views[resource].limit),
      months: byResource((resource) => views[resource].months),
      chance: (resource, limit) => chanceOf(views[resource], limit),
    }),
  };
}

/** The month of sign-up, or of the first use of anything where that is earlier or sign-up is not known. */
function firstMonthOf(
  plan: Plan,
  counters: Readonly<Record<Resource, readonly MonthCounter[]>>,
  present: Period,
): string {
  const beganMs = planBeganMs(plan);
  const names = resources.flatMap((resource) => counters[resource].map(({ period }) => period));
  return [...names, beganMs === undefined ? present.name : periodAt(beganMs).name].sort()[0] ?? "";
}

/** One resource's past, and the outlook on its demand as it is and as it was a week ago. */
interface View {
  limit: number;
  current: MonthCounter | undefined;
  months: MonthDemand[];
  /** Units admitted by day. */
  series: DatedSeries;
  /** Whether anything was ever asked for. */
  isUsed: boolean;
  outlook: Outlook | undefined;
  outlookAWeekAgo: Outlook | undefined;
}

function viewOf(
  plan: Plan,
  resource: Resource,
  counters: readonly MonthCounter[],
  present: Period,
  firstPeriod: string,
  nowMs: number,
): View {
  const current = counters.find(({ period }) => period === present.name);
  const demand = dailySeries(counters, nowMs, dayDemand);
  const known = counters.map(({ period, limit, used, refused = 0 }) => ({
    period,
    limit,
    used,
    refused,
  }));
  const complete = Array.from({ length: monthsBack }, (_, index) =>
    shiftPeriod(present, index - monthsBack),
  );
  return {
    limit: quotaOf(plan, resource, nowMs, present.endsAtMs).limit,
    current,
    series: dailySeries(counters, nowMs, (month, period) => dayUnits(month, daysIn(period))),
    months: calendarMonths(
      known,
      complete,
      firstPeriod,
      (period) => quotaOf(plan, resource, period.endsAtMs - 1, period.endsAtMs).limit,
    ),
    isUsed: known.some((month) => demandOf(month) > 0),
    outlook: outlookAt(demand, current, present, nowMs),
    outlookAWeekAgo: outlookAt(demand, current, present, nowMs - 7 * dayMs),
  };
}

/** The chance that this month's demand exceeds a limit, now and a week ago: none where there never was any. */
function chanceOf({ isUsed, outlook, outlookAWeekAgo }: View, limit: number) {
  if (!isUsed) return { now: 0, weekAgo: 0 };
  return {
    now: outlook && probabilityOfExceeding(limit, outlook),
    weekAgo: outlookAWeekAgo && probabilityOfExceeding(limit, outlookAWeekAgo),
  };
}
