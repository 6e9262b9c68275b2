import { Histogram } from "./histogram.ts";

/** Quantities kept as histograms, and the letter that starts the names of their bucket attributes. */
export const seriesLetters = {
  latency: "b",
  memory: "m",
  eventLoopBusy: "e",
  init: "i",
} as const;

export type Series = keyof typeof seriesLetters;

/** Quantities kept as sums. */
export const counterNames = ["calls", "failures", "coldStarts", "breaches", "cpuMs"] as const;
export type Counter = (typeof counterNames)[number];

/** What is known of an operation from its latest metric lines. */
export interface OperationFacts {
  operation: string;
  /** A whole invocation, or a step inside invocations. */
  kind: "invocation" | "inner";
  version: string;
  budgetMs: number;
  memoryLimitMb?: number | undefined;
  reservedConcurrency?: number | undefined;
  architecture?: string | undefined;
}

/** Sums and histograms of one operation and version over some time. */
export interface Rollup {
  version: string;
  startMs: number;
  counters: Record<Counter, number>;
  series: Record<Series, Histogram>;
}

export const emptyRollup = (version: string, startMs: number): Rollup => ({
  version,
  startMs,
  counters: { calls: 0, failures: 0, coldStarts: 0, breaches: 0, cpuMs: 0 },
  series: {
    latency: new Histogram(),
    memory: new Histogram(),
    eventLoopBusy: new Histogram(),
    init: new Histogram(),
  },
});

export function addRollup(target: Rollup, added: Rollup): void {
  for (const name of counterNames) target.counters[name] += added.counters[name];
  for (const series of Object.keys(seriesLetters) as Series[]) {
    target.series[series].merge(added.series[series]);
  }
}

/** Sums rollups of any times and versions; the result carries the first one's version and time. */
export function mergeRollups(rollups: readonly Rollup[]): Rollup {
  const merged = emptyRollup(rollups[0]?.version ?? "", rollups[0]?.startMs ?? 0);
  for (const rollup of rollups) addRollup(merged, rollup);
  return merged;
}

export const hourMs = 3_600_000;
export const sliceMs = 300_000;

/** The start of the period that a moment lies in. */
export const startOf = (timeMs: number, periodMs: number): number =>
  Math.floor(timeMs / periodMs) * periodMs;
