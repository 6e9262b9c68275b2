/** A calendar month in UTC. Its name is part of every counter's key, so nothing is ever reset. */
export interface Period {
  /** `2026-11`. */
  name: string;
  startsAtMs: number;
  /** First moment of the next period, epoch ms. */
  endsAtMs: number;
}

const monthStart = (year: number, month: number): number => Date.UTC(year, month, 1);

const toPeriod = (year: number, month: number): Period => {
  const startsAtMs = monthStart(year, month);
  return {
    name: new Date(startsAtMs).toISOString().slice(0, 7),
    startsAtMs,
    endsAtMs: monthStart(year, month + 1),
  };
};

/** The period a moment lies in. */
export function periodAt(epochMs: number): Period {
  const date = new Date(epochMs);
  return toPeriod(date.getUTCFullYear(), date.getUTCMonth());
}

/** The period with a name such as `2026-11`; the name must be well-formed. */
export function periodNamed(name: string): Period {
  return toPeriod(Number(name.slice(0, 4)), Number(name.slice(5, 7)) - 1);
}

/** The period `count` months later, earlier when negative. */
export function shiftPeriod(period: Period, count: number): Period {
  const date = new Date(period.startsAtMs);
  return toPeriod(date.getUTCFullYear(), date.getUTCMonth() + count);
}

/** How far the clocks of two environments may be apart. */
export const clockSkewMs = 5 * 60_000;

/** Every period that some environment may be charging right now: one, or two around the turn of a month. */
export function livePeriods(nowMs: number): readonly Period[] {
  const first = periodAt(nowMs - clockSkewMs);
  const last = periodAt(nowMs + clockSkewMs);
  return first.name === last.name ? [first] : [first, last];
}

const dayOfMonth = (epochMs: number): string =>
  String(new Date(epochMs).getUTCDate()).padStart(2, "0");

/** The counter's attribute that holds a day's units: `d01` to `d31`. */
export const dayBucket = (epochMs: number): string => `d${dayOfMonth(epochMs)}`;

/** The counter's attribute that holds a day's refused units: `r01` to `r31`. */
export const refusedDayBucket = (epochMs: number): string => `r${dayOfMonth(epochMs)}`;

export const dayMs = 86_400_000;

/** Days of a period, 28 to 31. */
export const daysIn = ({ startsAtMs, endsAtMs }: Period): number =>
  Math.round((endsAtMs - startsAtMs) / dayMs);
