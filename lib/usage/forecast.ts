import { exponentialAverage, mean, normalCdf } from "./statistics.ts";

/** Units per day, oldest first, of complete days without gaps. */
export interface DailySeries {
  /** Weekday of the first day, 0 to 6; any start of the week, as long as it is the same throughout. */
  firstWeekday: number;
  units: readonly number[];
}

/** Weekday factors are taken from this many days: eight weeks. */
const seasonDays = 56;
/** Below two weeks there is no telling one weekday from another. */
export const daysMin = 14;
/** How much a day weighs in the level. */
const alpha = 0.15;

const weekdayOf = (firstWeekday: number, day: number): number => (firstWeekday + day) % 7;

/** How each weekday compares with the average day. */
function weekdayFactors({ firstWeekday, units }: DailySeries): number[] {
  const start = Math.max(0, units.length - seasonDays);
  const recent = units.slice(start);
  const average = mean(recent);
  return Array.from({ length: 7 }, (_, weekday) => {
    const same = recent.filter((__, index) => weekdayOf(firstWeekday, start + index) === weekday);
    return average > 0 && same.length > 0 ? mean(same) / average : 1;
  });
}

/**
 * Expected units of each of the next days: simple exponential smoothing of the level without its
 * weekday pattern, times the pattern (Brown's method; Hyndman and Athanasopoulos, Forecasting:
 * Principles and Practice, 8.1).
 */
export function forecastDays(series: DailySeries, dayCount: number): number[] {
  const factors = weekdayFactors(series);
  const factorAt = (day: number): number => factors[weekdayOf(series.firstWeekday, day)] ?? 1;
  const deseasonalised = series.units.flatMap((units, day) =>
    factorAt(day) > 0 ? [units / factorAt(day)] : [],
  );
  const level = exponentialAverage(deseasonalised, alpha);
  return Array.from(
    { length: dayCount },
    (_, index) => level * factorAt(series.units.length + index),
  );
}

/** Forecasts in the past that the errors are taken from, at least; about two months of use. */
const originsMin = 28;
const originsMax = 180;
/** Half a unit keeps days without use from having an infinite logarithm. */
const halfUnit = 0.5;

/**
 * How far forecasts of as many days have been off: makes each anew at every past day that has the days
 * behind it, and takes the root mean square of log(actual / forecast). Undefined while there are too
 * few of them.
 */
export function measureDeviation(series: DailySeries, dayCount: number): number | undefined {
  const last = series.units.length - dayCount;
  const first = Math.max(2 * daysMin, last - originsMax);
  if (dayCount === 0 || last - first + 1 < originsMin) return undefined;
  const errors: number[] = [];
  for (let origin = first; origin <= last; origin++) {
    const past = { ...series, units: series.units.slice(0, origin) };
    const forecast = sum(forecastDays(past, dayCount));
    const actual = sum(series.units.slice(origin, origin + dayCount));
    errors.push(Math.log((actual + halfUnit) / (forecast + halfUnit)));
  }
  // Spans that overlap say less than their number: widen by what is lost.
  const independent = Math.max(2, errors.length / dayCount);
  return Math.sqrt(mean(errors.map((error) => error ** 2)) * (1 + 1 / independent));
}

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Standard score of the ends of an 80 % interval. */
export const intervalScore = 1.2816;

/** The value that the units of a span stay below with the probability of a standard score. */
export const quantile = (expected: number, deviation: number, score: number): number =>
  Math.max(0, (expected + halfUnit) * Math.exp(score * deviation) - halfUnit);

/** The probability that the units of a span exceed `units`. */
export function probabilityAbove(units: number, expected: number, deviation: number): number {
  if (units < 0) return 1;
  const distance = Math.log((units + halfUnit) / (expected + halfUnit));
  return 1 - normalCdf(distance / Math.max(deviation, 1e-9));
}
