import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { readUsageReportRoute } from "./analytics-api.ts";
import { toCsv } from "./csv.ts";
import type { HistoryStore } from "./history-store.ts";
import type { Period } from "./period.ts";
import { dayMs, periodAt, periodNamed } from "./period.ts";
import { planBeganMs } from "./plan-history.ts";
import type { Snapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot.ts";
import { resources, unlimited } from "./tiers.ts";

type Report = OperationBody<typeof readUsageReportRoute>;

/**
 * The use of a month, the present one unless said: as it was closed, or as it stands.
 *
 * @throws Problem `not-found` without a plan, and for a month before sign-up or in the future
 */
export async function readUsageReport(
  { query, caller }: OperationRequest<typeof readUsageReportRoute>,
  { history, now }: { history: HistoryStore; now: Clock },
): Promise<Report | Reply<Report>> {
  const nowMs = now();
  const period = query.period ? periodNamed(query.period) : periodAt(nowMs);
  const { plan, counters, snapshot } = await history.readPeriod(caller.manufacturerId, period);
  if (!plan) throw new Problem("not-found", { detail: "The manufacturer has no plan." });
  if (period.endsAtMs <= (planBeganMs(plan) ?? 0)) {
    throw new Problem("not-found", {
      detail: `${period.name} is before the manufacturer's sign-up.`,
    });
  }
  if (period.startsAtMs > nowMs) {
    throw new Problem("not-found", { detail: `${period.name} has not begun yet.` });
  }
  const adjustments = snapshot && (await history.listAdjustments(caller.manufacturerId, period));
  const report = {
    ...toReport(
      snapshot ?? snapshotOf(plan, counters, period, nowMs),
      period,
      snapshot !== undefined,
      nowMs,
    ),
    ...(adjustments && {
      adjustments: adjustments.map(({ resource, units, atMs, requestId }) => ({
        resource,
        units,
        at: toRfc3339(atMs),
        requestId,
      })),
    }),
  };
  if (query.format !== "csv") return report;
  return new Reply<Report>(reportCsv(report) as unknown as Report, {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="usage-${period.name}.csv"`,
  });
}

function toReport(snapshot: Snapshot, period: Period, isClosed: boolean, nowMs: number): Report {
  const { manufacturerId, tier, plans, suggestedTier } = snapshot;
  const dayCount = Math.ceil((Math.min(nowMs, period.endsAtMs) - period.startsAtMs) / dayMs);
  return {
    manufacturerId,
    period: period.name,
    tier,
    isClosed,
    ...(plans && {
      plans: plans.map(({ fromMs, untilMs, tier: tierThen, limits }) => ({
        from: toRfc3339(fromMs),
        until: toRfc3339(untilMs),
        tier: tierThen,
        limits: resources.map((resource) => ({ resource, ...limits[resource] })),
      })),
    }),
    resources: resources.map((resource) => {
      const { limit, used, overage, refused, days } = snapshot.resources[resource];
      return {
        resource,
        limit,
        used,
        overage,
        refused,
        days: days.slice(0, Math.max(0, dayCount)).map((units, day) => ({
          date: new Date(period.startsAtMs + day * dayMs).toISOString().slice(0, 10),
          units,
        })),
      };
    }),
    ...(suggestedTier === undefined ? {} : { suggestedTier }),
  };
}

/** One record per resource and day; the month's total and limit stand in each. */
const reportCsv = ({ period, tier, resources: all }: Report): string =>
  toCsv([
    ["period", "tier", "resource", "date", "units", "month_used", "month_limit", "month_refused"],
    ...all.flatMap(({ resource, limit, used, refused, days }) =>
      days.map(({ date, units }) => [
        period,
        tier,
        resource,
        date,
        units,
        used,
        limit === unlimited ? "unlimited" : limit,
        refused,
      ]),
    ),
  ]);
