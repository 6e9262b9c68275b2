import type { DailySeries } from "./forecast.ts";
import {
  daysMin,
  forecastDays,
  intervalScore,
  measureDeviation,
  probabilityAbove,
  quantile,
  sum,
} from "./forecast.ts";
import type { Period } from "./period.ts";
import { dayMs } from "./period.ts";

/** Everything the outlook of one resource is made of. */
export interface OutlookInput {
  period: Period;
  nowMs: number;
  /** Units used in the period so far, today's included. */
  used: number;
  usedToday: number;
  /** Complete days up to yesterday. */
  series: DailySeries;
}

/** How the rest of the period will go. */
export interface Outlook {
  input: OutlookInput;
  /** Expected units of the days left: the rest of today, then each day. */
  days: readonly number[];
  /** Root mean square of the logarithmic error of such forecasts; absent while too few are known. */
  deviation: number | undefined;
}

/** The outlook, or undefined below two weeks of history. */
export function outlookOf(input: OutlookInput): Outlook | undefined {
  const { period, nowMs, usedToday, series } = input;
  if (series.units.length < daysMin) return undefined;
  const today = Math.floor((nowMs - period.startsAtMs) / dayMs);
  const dayCount = Math.round((period.endsAtMs - period.startsAtMs) / dayMs) - today;
  const [wholeToday = 0, ...later] = forecastDays(series, dayCount);
  return {
    input,
    days: [Math.max(0, wholeToday - usedToday), ...later],
    deviation: measureDeviation(series, dayCount),
  };
}

export interface MonthForecast {
  expected: number;
  /** The 80 % interval; absent while past forecasts are too few to know their errors. */
  low?: number;
  high?: number;
}

/** The high end allows for no day busier than this many times the busiest there has been. */
const burstFactor = 2;

/** The period's total. */
export function forecastMonth({
  input: { used, usedToday, series },
  days,
  deviation,
}: Outlook): MonthForecast {
  const rest = sum(days);
  const expected = Math.round(used + rest);
  if (deviation === undefined) return { expected };
  // Bursts with idle weeks between them make past errors so wide that only the size of bursts bounds them.
  const mostADay = burstFactor * Math.max(usedToday, ...series.units);
  return {
    expected,
    low: Math.floor(used + quantile(rest, deviation, -intervalScore)),
    high: Math.max(
      expected,
      Math.ceil(used + Math.min(quantile(rest, deviation, intervalScore), days.length * mostADay)),
    ),
  };
}

/** The probability that the period's total exceeds a limit; undefined while errors are unknown. */
export function probabilityOfExceeding(
  limit: number,
  { input: { used }, days, deviation }: Outlook,
): number | undefined {
  if (used > limit) return 1;
  return deviation === undefined ? undefined : probabilityAbove(limit - used, sum(days), deviation);
}

export interface Exhaustion {
  /** The day on which the limit is expected to be reached; absent when not in this period. */
  expectedOn?: string;
  /** The 80 % interval's early and late end. */
  earliestOn?: string;
  latestOn?: string;
}

/** When a limit will be reached, by day. */
export function exhaustionOf(limit: number, outlook: Outlook): Exhaustion {
  const { deviation } = outlook;
  const dayAt = (score: number): string | undefined =>
    dayReached(limit, outlook, Math.exp(score * (deviation ?? 0)));
  const expectedOn = dayAt(0);
  const [earliestOn, latestOn] =
    deviation === undefined ? [] : [dayAt(intervalScore), dayAt(-intervalScore)];
  return {
    ...(expectedOn === undefined ? {} : { expectedOn }),
    ...(earliestOn === undefined ? {} : { earliestOn }),
    ...(latestOn === undefined ? {} : { latestOn }),
  };
}

function dayReached(
  limit: number,
  { input: { used, nowMs }, days }: Outlook,
  scale: number,
): string | undefined {
  let total = used;
  for (const [index, units] of days.entries()) {
    if (total >= limit) return dateAt(nowMs + index * dayMs);
    total += units * scale;
    if (total >= limit) return dateAt(nowMs + index * dayMs);
  }
  return undefined;
}

const dateAt = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
