import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { forecastMonth, outlookOf, probabilityOfExceeding } from "../lib/usage/outlook.ts";
import { dayMs, daysIn, periodAt, shiftPeriod } from "../lib/usage/period.ts";

/**
 * How good the forecast is: whole months held out, forecast from each of several days of the month,
 * against the run rate (used so far, scaled up) and against the previous month. MASE scales the mean
 * absolute error by the mean change from month to month, so 1 is "same as last month again".
 */
const directory =
  process.env["MSF_DATA_DIR"] ?? fileURLToPath(new URL("../../shared/data", import.meta.url));

/** Seven months to learn from and at least eleven to be tested on. */
const daysMinimum = 550;

interface Series {
  name: string;
  startsAtMs: number;
  units: number[];
}

/** Daily sums without gaps; a missing day takes the value of the day before. */
function readSeries(file: string, toUnits: (value: number) => number): Series | undefined {
  const path = `${directory}/series/${file}`;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const byDay = new Map<number, number>();
  for (const line of text.split("\n").slice(1)) {
    const [date = "", value = ""] = line.replaceAll('"', "").split(",");
    const epochMs = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
    const units = Number.parseFloat(value);
    if (Number.isNaN(epochMs) || Number.isNaN(units)) continue;
    byDay.set(epochMs, (byDay.get(epochMs) ?? 0) + toUnits(units));
  }
  if (byDay.size < daysMinimum) {
    console.log(`skipped ${file}: ${byDay.size} days, ${daysMinimum} are needed`);
    return undefined;
  }
  const startsAtMs = Math.min(...byDay.keys());
  const dayCount = (Math.max(...byDay.keys()) - startsAtMs) / dayMs + 1;
  const units: number[] = [];
  for (let day = 0; day < dayCount; day++) {
    units.push(byDay.get(startsAtMs + day * dayMs) ?? units.at(-1) ?? 0);
  }
  return { name: file, startsAtMs, units };
}

/** What tenants look like when no recording is at hand: growth, weekdays, noise, and a seed. */
function generateSeries(): Series {
  let state = 7;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const weekday = [1.2, 1.25, 1.2, 1.15, 1.1, 0.6, 0.5];
  const units = Array.from({ length: 1200 }, (_, day) => {
    const noise = Math.exp(0.25 * (next() + next() + next() - 1.5) * 2);
    return Math.round(200 * 1.0005 ** day * (weekday[day % 7] ?? 1) * noise);
  });
  return { name: "generated", startsAtMs: Date.UTC(2023, 0, 2), units };
}

const warmUpMonths = 7;
/** As much as the product reads: twelve months and the present one. */
const historyDays = 365;
const origins = [3, 5, 10, 15, 20, 25];

interface Score {
  months: number;
  scale: number;
  ours: number;
  runRate: number;
  previous: number;
  covered: number;
  intervals: number;
  width: number;
  brier: number;
  brierRunRate: number;
  brierCount: number;
}

function score({ startsAtMs, units }: Series, day: number, into: Score): void {
  const at = (epochMs: number) => (epochMs - startsAtMs) / dayMs;
  const totalOf = (period: { startsAtMs: number; endsAtMs: number }) =>
    units.slice(at(period.startsAtMs), at(period.endsAtMs)).reduce((a, b) => a + b, 0);
  let period = shiftPeriod(periodAt(startsAtMs), warmUpMonths);
  for (; at(period.endsAtMs) <= units.length; period = shiftPeriod(period, 1)) {
    const nowMs = period.startsAtMs + day * dayMs;
    const actual = totalOf(period);
    const used = units.slice(at(period.startsAtMs), at(nowMs)).reduce((a, b) => a + b, 0);
    const before = totalOf(shiftPeriod(period, -1));
    const known = units.slice(Math.max(0, at(nowMs) - historyDays), at(nowMs));
    const outlook = outlookOf({
      period,
      nowMs,
      used,
      usedToday: 0,
      series: {
        firstWeekday: new Date(nowMs - known.length * dayMs).getUTCDay(),
        units: known,
      },
    });
    if (!outlook) continue;
    const forecast = forecastMonth(outlook);
    const runRate = (used / day) * daysIn(period);
    into.months += 1;
    into.scale += Math.abs(before - totalOf(shiftPeriod(period, -2)));
    into.ours += Math.abs(forecast.expected - actual);
    into.runRate += Math.abs(runRate - actual);
    into.previous += Math.abs(before - actual);
    if (forecast.low !== undefined && forecast.high !== undefined) {
      into.intervals += 1;
      into.covered += forecast.low <= actual && actual <= forecast.high ? 1 : 0;
      into.width += (forecast.high - forecast.low) / actual;
    }
    const past = [1, 2, 3, 4, 5, 6].map((back) => totalOf(shiftPeriod(period, -back)));
    const average = past.reduce((a, b) => a + b, 0) / past.length;
    for (const factor of [1, 1.1, 1.25]) {
      const limit = average * factor;
      const probability = probabilityOfExceeding(limit, outlook);
      if (probability === undefined) continue;
      const isExceeded = actual > limit ? 1 : 0;
      into.brier += (probability - isExceeded) ** 2;
      into.brierRunRate += ((runRate > limit ? 1 : 0) - isExceeded) ** 2;
      into.brierCount += 1;
    }
  }
}

const recorded = [
  readSeries("example_wp_log_peyton_manning.csv", (value) => Math.round(Math.exp(value))),
  readSeries("example_wp_log_R.csv", (value) => Math.round(Math.exp(value))),
  readSeries("example_pedestrians_covid.csv", (value) => value),
  readSeries("example_pedestrians.csv", (value) => value),
  readSeries("example_wp_R.csv", (value) => value),
  readSeries("example_wp_peyton_manning.csv", (value) => value),
  readSeries("nyc_taxi.csv", (value) => value),
].filter((series) => series !== undefined);
const allSeries = [...recorded, generateSeries()];

for (const group of [...allSeries.map((series) => [series]), recorded]) {
  if (group.length === 0) continue;
  const name = group.length === 1 ? group[0]?.name : `all ${group.length} recorded`;
  console.log(`\n${name}`);
  console.log(
    "day  months  MASE ours/run-rate/previous  coverage of 80 %  width  Brier ours/run-rate",
  );
  for (const day of origins) {
    const mase = { ours: 0, runRate: 0, previous: 0, months: 0 };
    const total = emptyScore();
    for (const series of group) {
      const own = emptyScore();
      score(series, day, own);
      mase.ours += (own.ours / own.scale) * own.months;
      mase.runRate += (own.runRate / own.scale) * own.months;
      mase.previous += (own.previous / own.scale) * own.months;
      mase.months += own.months;
      for (const key of Object.keys(total) as (keyof Score)[]) total[key] += own[key];
    }
    const per = (value: number, count: number) => (count === 0 ? "-" : (value / count).toFixed(2));
    console.log(
      [
        String(day).padStart(3),
        String(mase.months).padStart(7),
        `  ${per(mase.ours, mase.months)} / ${per(mase.runRate, mase.months)} / ${per(mase.previous, mase.months)}`.padEnd(
          28,
        ),
        `${per(100 * total.covered, total.intervals)} % of ${total.intervals}`.padEnd(17),
        per(100 * total.width, total.intervals) + " %",
        `${per(total.brier, total.brierCount)} / ${per(total.brierRunRate, total.brierCount)}`,
      ].join(" "),
    );
  }
}

function emptyScore(): Score {
  return {
    months: 0,
    scale: 0,
    ours: 0,
    runRate: 0,
    previous: 0,
    covered: 0,
    intervals: 0,
    width: 0,
    brier: 0,
    brierRunRate: 0,
    brierCount: 0,
  };
}
