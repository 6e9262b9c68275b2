import type { DatedSeries } from "./daily-series.ts";
import { seriesBefore } from "./daily-series.ts";
import type { MonthDemand } from "./demand.ts";
import { dayDemand } from "./demand.ts";
import { sum } from "./forecast.ts";
import type { MonthCounter } from "./history-store.ts";
import type { Outlook } from "./outlook.ts";
import { exhaustionOf, forecastMonth, outlookOf, probabilityOfExceeding } from "./outlook.ts";
import type { Period } from "./period.ts";
import { dayMs } from "./period.ts";
import type { Resource } from "./tiers.ts";
import { unlimited } from "./tiers.ts";

export interface ResourceAnalyticsInput {
  resource: Resource;
  limit: number;
  /** The present month's counter, if anything was charged. */
  current: MonthCounter | undefined;
  /** The complete months before, oldest first. */
  months: readonly MonthDemand[];
  series: DatedSeries;
  outlook: Outlook | undefined;
}

const daysShown = 62;
const trendDays = 28;

/** What is known about the use of one resource, and what to expect. */
export function resourceAnalytics(input: ResourceAnalyticsInput) {
  const { resource, limit, current, months, series, outlook } = input;
  return {
    resource,
    limit,
    used: current?.used ?? 0,
    refused: current?.refused ?? 0,
    months: [...months],
    days: series.units.slice(-daysShown).map((units, index, shown) => ({
      date: dateAt(series.startsAtMs + (series.units.length - shown.length + index) * dayMs),
      units,
    })),
    ...trendOf(series.units),
    forecast: {
      daysOfHistory: series.units.length,
      ...(outlook ? forecastOf(outlook, limit) : { status: "too-little-data" as const }),
    },
  };
}

/**
 * The outlook on demand as it is, or as it was at an earlier moment of the present month; undefined
 * where the moment lies in an earlier month.
 *
 * @param demand the units asked for on each complete day.
 */
export function outlookAt(
  demand: DatedSeries,
  current: MonthCounter | undefined,
  period: Period,
  atMs: number,
): Outlook | undefined {
  if (atMs < period.startsAtMs) return undefined;
  const today = Math.floor((atMs - period.startsAtMs) / dayMs);
  const days = dayDemand(current, period, today + 1);
  const endsAtMs = demand.startsAtMs + demand.units.length * dayMs;
  const daysAgo = Math.round((endsAtMs - Math.floor(atMs / dayMs) * dayMs) / dayMs);
  const usedToday = daysAgo === 0 ? (days[today] ?? 0) : 0;
  return outlookOf({
    period,
    nowMs: atMs,
    used: sum(days.slice(0, today)) + usedToday,
    usedToday,
    series: seriesBefore(demand, daysAgo),
  });
}

function forecastOf(outlook: Outlook, limit: number) {
  const probability = limit === unlimited ? undefined : probabilityOfExceeding(limit, outlook);
  return {
    status: "ready" as const,
    ...forecastMonth(outlook),
    ...(probability === undefined
      ? {}
      : { probabilityOfExceeding: Math.round(probability * 1000) / 1000 }),
    ...(limit === unlimited ? {} : { exhaustion: exhaustionOf(limit, outlook) }),
  };
}

/** The last four weeks against the four before; absent while there are not eight. */
function trendOf(units: readonly number[]) {
  if (units.length < 2 * trendDays) return {};
  const last = sum(units.slice(-trendDays));
  const before = sum(units.slice(-2 * trendDays, -trendDays));
  return {
    trend: {
      lastFourWeeks: last,
      fourWeeksBefore: before,
      ...(before === 0
        ? {}
        : { changePercent: Math.round((1000 * (last - before)) / before) / 10 }),
    },
  };
}

const dateAt = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
