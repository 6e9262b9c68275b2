import type { TunableCache } from "./cache-lifetimes.ts";
import type { Gain } from "./recommendation.ts";

/** What the calls of the operation behind a cache were like. */
export interface Demand {
  calls: number;
  /** Hours in which there were calls at all. */
  busyHours: number;
  /** Of the operation: what a call costs that finds nothing in the cache. */
  p95Ms: number;
}

const ladderSeconds = [0, 5, 10, 15, 30, 60, 120, 300];
/** A shorter lifetime that keeps this share of the hits is better: answers are fresher. */
const hitShareWanted = 0.5;
/** Fewer calls in a day say nothing about the next. */
const callsMin = 20;
const z95 = 1.96;

/**
 * The shortest lifetime at which half of the calls of a busy hour would be served from the cache, or
 * the default where no lifetime in bounds does that. With Poisson arrivals at rate r, a lifetime L
 * serves the share rL / (1 + rL).
 */
export function proposeLifetime(
  { defaultSeconds, minSeconds, maxSeconds }: TunableCache,
  { calls, busyHours, p95Ms }: Demand,
): { lifetimeSeconds: number; expectedGain?: Gain } {
  if (calls < callsMin || busyHours === 0) return { lifetimeSeconds: defaultSeconds };
  const perSecond = (count: number): number => Math.max(0, count) / (busyHours * 3600);
  const hitShare = (count: number, seconds: number): number => {
    const expected = perSecond(count) * seconds;
    return expected / (1 + expected);
  };
  const lifetimeSeconds = ladderSeconds.find(
    (seconds) =>
      seconds >= minSeconds && seconds <= maxSeconds && hitShare(calls, seconds) >= hitShareWanted,
  );
  if (lifetimeSeconds === undefined) return { lifetimeSeconds: defaultSeconds };
  const reach = z95 * Math.sqrt(calls);
  const gainMs = (count: number): number =>
    Math.round(hitShare(count, lifetimeSeconds) * p95Ms * 100) / 100;
  return {
    lifetimeSeconds,
    expectedGain: {
      measure: "mean latency of a call, ms less than without the cache",
      low: gainMs(calls - reach),
      high: gainMs(calls + reach),
    },
  };
}
