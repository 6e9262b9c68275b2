import type { DailySeries } from "./forecast.ts";
import type { MonthCounter } from "./history-store.ts";
import type { Period } from "./period.ts";
import { dayMs, periodNamed, shiftPeriod } from "./period.ts";

export interface DatedSeries extends DailySeries {
  startsAtMs: number;
}

/**
 * One value per complete day, from the first day with any to the day before `nowMs`; months without a
 * counter were months without use.
 *
 * @param months oldest first
 * @param unitsOf a month's days: what was admitted, or what was asked for.
 */
export function dailySeries(
  months: readonly MonthCounter[],
  nowMs: number,
  unitsOf: (month: MonthCounter | undefined, period: Period) => readonly number[],
): DatedSeries {
  const [oldest] = months;
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  if (!oldest) return { startsAtMs: todayMs, firstWeekday: weekdayAt(todayMs), units: [] };
  const byPeriod = new Map(months.map((month) => [month.period, month]));
  const units: number[] = [];
  const first = periodNamed(oldest.period);
  for (let month = first; month.startsAtMs < todayMs; month = shiftPeriod(month, 1)) {
    units.push(...unitsOf(byPeriod.get(month.name), month));
  }
  const complete = units.slice(0, (todayMs - first.startsAtMs) / dayMs);
  const firstUsed = complete.findIndex((value) => value > 0);
  const used = firstUsed === -1 ? [] : complete.slice(firstUsed);
  const startsAtMs = todayMs - used.length * dayMs;
  return { startsAtMs, firstWeekday: weekdayAt(startsAtMs), units: used };
}

/** The series as it was a number of days ago. */
export const seriesBefore = (series: DatedSeries, days: number): DatedSeries => ({
  ...series,
  units: series.units.slice(0, Math.max(0, series.units.length - days)),
});

const weekdayAt = (epochMs: number): number => new Date(epochMs).getUTCDay();
