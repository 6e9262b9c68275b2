import { toBaseline } from "../lib/performance/baseline.ts";
import type { Detectors } from "../lib/performance/degradation.ts";
import { calmDetectors, detectDegradation } from "../lib/performance/degradation.ts";
import { Histogram } from "../lib/performance/histogram.ts";
import { normal } from "./seeded-random.ts";

const slicesPerHour = 12;
const baselineHours = 14 * 24;
const typicalMs = 20;

/** An operation's ordinary traffic: lognormal latencies, Poisson arrivals. */
export interface Traffic {
  callsPerHour: number;
  /** Standard deviation of the natural logarithm of a latency. */
  logDeviation: number;
  /** By which all latencies of an hour together differ from the next hour's, as a logarithm. */
  hourlyDeviation: number;
}

/** By how much a call takes longer than it would. */
export type Slowness = (random: () => number) => number;

export const healthy: Slowness = () => 1;
export const allSlower: Slowness = () => 1.2;
export const fewMuchSlower: Slowness = (random) => (random() < 0.04 ? 6 : 1);

/** A detector under test: told each slice, says whether it is alarmed. */
export type Detector = (slice: Histogram) => boolean;

/** The calls of five minutes after five minutes. */
export function sliceSource(
  traffic: Traffic,
  random: () => number,
): (slowness: Slowness) => Histogram {
  const { callsPerHour, logDeviation, hourlyDeviation } = traffic;
  let slices = 0;
  let levelMs = typicalMs;
  return (slowness) => {
    if (slices++ % slicesPerHour === 0) {
      levelMs = typicalMs * Math.exp(hourlyDeviation * normal(random));
    }
    const histogram = new Histogram();
    for (let calls = poisson(callsPerHour / slicesPerHour, random); calls > 0; calls--) {
      histogram.add(levelMs * Math.exp(logDeviation * normal(random)) * slowness(random));
    }
    return histogram;
  };
}

/** An hour of healthy calls. */
export function hourOf(next: (slowness: Slowness) => Histogram): Histogram {
  const hour = new Histogram();
  for (let slice = 0; slice < slicesPerHour; slice++) hour.merge(next(healthy));
  return hour;
}

/** A Poisson distributed number (Knuth; a normal approximation where it is exact enough). */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** The two detectors as the product runs them, over a baseline learnt from 14 healthy days. */
export function cusumDetectors(
  traffic: Traffic,
  random: () => number,
): Record<"mean" | "tail" | "either", Detector> {
  const next = sliceSource(traffic, random);
  const baseline = toBaseline(Array.from({ length: baselineHours }, () => hourOf(next)));
  if (!baseline) throw new Error("14 days are too little for a baseline");
  const watch = (isAlarmed: (state: Detectors) => boolean): Detector => {
    let state = calmDetectors();
    return (slice) => {
      state = detectDegradation(state, baseline, slice, 0);
      return isAlarmed(state);
    };
  };
  return {
    mean: watch(({ mean }) => mean.isDegraded),
    tail: watch(({ tail }) => tail.isDegraded),
    either: watch(({ mean, tail }) => mean.isDegraded || tail.isDegraded),
  };
}

/** What many deployments use: the hour's p99 above twice the baseline's, looked at every five minutes. */
export function staticDetector(traffic: Traffic, random: () => number): Detector {
  const next = sliceSource(traffic, random);
  const past = new Histogram();
  for (let hour = 0; hour < baselineHours; hour++) past.merge(hourOf(next));
  const limit = 2 * (past.quantile(0.99) ?? 0);
  const recent: Histogram[] = [];
  return (slice) => {
    recent.push(slice);
    if (recent.length > slicesPerHour) recent.shift();
    const hour = new Histogram();
    for (const part of recent) hour.merge(part);
    return (hour.quantile(0.99) ?? 0) > limit;
  };
}

/** How often the detector becomes alarmed though nothing is wrong, per 30 days. */
export function falseAlarms(
  detector: Detector,
  traffic: Traffic,
  days: number,
  random: () => number,
): number {
  const next = sliceSource(traffic, random);
  let alarms = 0;
  let wasAlarmed = false;
  for (let slice = 0; slice < days * 24 * slicesPerHour; slice++) {
    const isAlarmed = detector(next(healthy));
    if (isAlarmed && !wasAlarmed) alarms++;
    wasAlarmed = isAlarmed;
  }
  return (alarms * 30) / days;
}

/** Hours until the detector is alarmed, after a calm day; undefined when it is not within `hoursMax`. */
export function detectionDelay(
  detector: Detector,
  traffic: Traffic,
  slowness: Slowness,
  hoursMax: number,
  random: () => number,
): number | undefined {
  const next = sliceSource(traffic, random);
  for (let slice = 0; slice < 24 * slicesPerHour; slice++) detector(next(healthy));
  for (let slice = 1; slice <= hoursMax * slicesPerHour; slice++) {
    if (detector(next(slowness))) return slice / slicesPerHour;
  }
  return undefined;
}
