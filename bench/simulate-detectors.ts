import { toBaseline } from "../lib/performance/baseline.ts";
import { calmDetectors, detectDegradation } from "../lib/performance/degradation.ts";
import { Histogram } from "../lib/performance/histogram.ts";
import { normal } from "./seeded-random.ts";

const sliceHours = 1 / 12;
const baselineHours = 14 * 24;

/** One operation's calls in five minutes, in milliseconds. */
export type DrawCalls = (histogram: Histogram, calls: number, random: () => number) => void;

export const logDeviation = 0.5;
const typicalMs = 20;

export const healthy: DrawCalls = (histogram, calls, random) => {
  for (let call = 0; call < calls; call++) histogram.add(latency(random));
};

/** Every call takes 20 % longer. */
export const allSlower: DrawCalls = (histogram, calls, random) => {
  for (let call = 0; call < calls; call++) histogram.add(latency(random) * 1.2);
};

/** 4 % of the calls take six times as long. */
export const fewMuchSlower: DrawCalls = (histogram, calls, random) => {
  for (let call = 0; call < calls; call++) {
    histogram.add(latency(random) * (random() < 0.04 ? 6 : 1));
  }
};

const latency = (random: () => number): number =>
  typicalMs * Math.exp(logDeviation * normal(random));

/** A number of calls that is Poisson distributed (Knuth; a normal approximation where it is exact enough). */
export function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** A detector under test: told each slice, says whether it is alarmed. */
export type Detector = (slice: Histogram) => boolean;

export function draw(
  callsPerHour: number,
  hours: number,
  random: () => number,
  how: DrawCalls,
): Histogram {
  const histogram = new Histogram();
  how(histogram, poisson(callsPerHour * hours, random), random);
  return histogram;
}

/** The two detectors as the product runs them, over a baseline learnt from 14 healthy days. */
export function cusumDetectors(
  callsPerHour: number,
  random: () => number,
): { mean: Detector; tail: Detector; either: Detector } {
  const hours = Array.from({ length: baselineHours }, () => draw(callsPerHour, 1, random, healthy));
  const baseline = toBaseline(hours);
  if (!baseline) throw new Error("14 days are too little for a baseline");
  const watch = (pick: (state: ReturnType<typeof calmDetectors>) => boolean): Detector => {
    let state = calmDetectors();
    return (slice) => {
      state = detectDegradation(state, baseline, slice, 0);
      return pick(state);
    };
  };
  return {
    mean: watch(({ mean }) => mean.isDegraded),
    tail: watch(({ tail }) => tail.isDegraded),
    either: watch(({ mean, tail }) => mean.isDegraded || tail.isDegraded),
  };
}

/** What many deployments use: the hour's p99 above twice the baseline's, looked at every five minutes. */
export function staticDetector(callsPerHour: number, random: () => number): Detector {
  const limit = 2 * (draw(callsPerHour, baselineHours, random, healthy).quantile(0.99) ?? 0);
  const recent: Histogram[] = [];
  return (slice) => {
    recent.push(slice);
    if (recent.length > 1 / sliceHours) recent.shift();
    const hour = new Histogram();
    for (const part of recent) hour.merge(part);
    return (hour.quantile(0.99) ?? 0) > limit;
  };
}

/** How often the detector becomes alarmed though nothing is wrong, per 30 days. */
export function falseAlarms(
  detector: Detector,
  callsPerHour: number,
  days: number,
  random: () => number,
): number {
  let alarms = 0;
  let wasAlarmed = false;
  for (let slice = 0; slice < (days * 24) / sliceHours; slice++) {
    const isAlarmed = detector(draw(callsPerHour, sliceHours, random, healthy));
    if (isAlarmed && !wasAlarmed) alarms++;
    wasAlarmed = isAlarmed;
  }
  return (alarms * 30) / days;
}

/** Hours until the detector is alarmed, after a calm day; undefined when it is not within `hoursMax`. */
export function detectionDelay(
  detector: Detector,
  callsPerHour: number,
  how: DrawCalls,
  hoursMax: number,
  random: () => number,
): number | undefined {
  for (let slice = 0; slice < 24 / sliceHours; slice++) {
    detector(draw(callsPerHour, sliceHours, random, healthy));
  }
  for (let slice = 1; slice <= hoursMax / sliceHours; slice++) {
    if (detector(draw(callsPerHour, sliceHours, random, how))) return slice * sliceHours;
  }
  return undefined;
}
