import type { Counter } from "./counter.ts";
import type { Period } from "./period.ts";
import { daysIn } from "./period.ts";
import { unlimited } from "./tiers.ts";

/** A complete month of one resource. */
export interface MonthDemand {
  period: string;
  /** The limit that held, the last one where it changed. */
  limit: number;
  used: number;
  /** Units refused and recorded: a lower bound. */
  refused: number;
}

/** Units asked for: what was admitted and what was refused. */
export const demandOf = ({ used, refused }: Pick<MonthDemand, "used" | "refused">): number =>
  used + refused;

type Buckets = Readonly<Record<string, number | undefined>>;

const bucketsOf = (counter: object | undefined, letter: "d" | "r", dayCount: number): number[] =>
  Array.from(
    { length: dayCount },
    (_, day) => ((counter ?? {}) as Buckets)[`${letter}${String(day + 1).padStart(2, "0")}`] ?? 0,
  );

/** The units admitted on each day, from a counter's buckets, from the first day on. */
export const dayUnits = (counter: object | undefined, dayCount: number): number[] =>
  bucketsOf(counter, "d", dayCount);

/**
 * The units asked for on each day of a period. Refusals of 0.1.0 were not kept by day: they are
 * spread evenly over the days from the one on which the limit was met.
 *
 * @param dayCount the days that have begun.
 */
export function dayDemand(
  counter: Counter | undefined,
  period: Period,
  dayCount = daysIn(period),
): number[] {
  const admitted = dayUnits(counter, dayCount);
  const refused = bucketsOf(counter, "r", dayCount);
  const dated = bucketsOf(counter, "r", 31).reduce((total, units) => total + units, 0);
  const undated = (counter?.refused ?? 0) - dated;
  const metOn = undated > 0 && counter ? dayMet(counter, admitted) : dayCount;
  const share = undated / Math.max(1, dayCount - metOn);
  return admitted.map(
    (units, day) => units + (refused[day] ?? 0) + (undated > 0 && day >= metOn ? share : 0),
  );
}

/** The index of the day on which the limit was met, or of the last one that has begun. */
function dayMet({ limit, overageMax }: Counter, admitted: readonly number[]): number {
  const ceiling = limit === unlimited ? Number.POSITIVE_INFINITY : limit + overageMax;
  let total = 0;
  const index = admitted.findIndex((units) => {
    total += units;
    return total >= ceiling;
  });
  return index === -1 ? Math.max(0, admitted.length - 1) : index;
}

/**
 * The last complete calendar months, oldest first, those without any use included: as many as there
 * are since the plan began or, where that is not known, since the first use.
 *
 * @param known months in which something was used, oldest first.
 * @param limitIn the limit that held in a month without use.
 */
export function calendarMonths(
  known: readonly MonthDemand[],
  months: readonly Period[],
  firstPeriod: string,
  limitIn: (period: Period) => number,
): MonthDemand[] {
  const byPeriod = new Map(known.map((month) => [month.period, month]));
  return months
    .filter(({ name }) => name >= firstPeriod)
    .map(
      (period) =>
        byPeriod.get(period.name) ?? {
          period: period.name,
          limit: limitIn(period),
          used: 0,
          refused: 0,
        },
    );
}
