import type { Evidence } from "./alert.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import { hourMs, mergeRollups } from "./rollup.ts";
import { rounded } from "./rounded.ts";

export const recommendationKinds = [
  "roll-back",
  "slow-dependency",
  "slow-code",
  "memory-size",
  "provisioned-concurrency",
  "reserved-concurrency",
  "architecture",
  "bundle-size",
] as const;

/** An improvement with the interval it is expected in; the unit is in the measure's name. */
export interface Gain {
  measure: string;
  low: number;
  high: number;
}

/** Something a person should change, and why. */
export interface Recommendation {
  operation: string;
  kind: (typeof recommendationKinds)[number];
  advice: string;
  evidence: Evidence;
  expectedGain: Gain;
}

/** Fewer calls justify no change. */
const callsMin = 100;
/** Lambda's smallest memory that these functions start in, and the step advice is given in. */
const memoryMinMb = 256;
const memoryStepMb = 128;
const memoryHeadroom = 1.5;
/** CPU grows with memory up to one core here. */
const fullCoreMb = 1769;
const coldShareMin = 0.02;
const slowInitMs = 400;
/** Of the duration, above which a call computes rather than waits. */
const computingShare = 0.6;

/** What the hourly rollups of an operation advise; all that holds, the strongest evidence included. */
export function recommend(facts: OperationFacts, hours: readonly Rollup[]): Recommendation[] {
  const total = mergeRollups(hours);
  if (facts.kind !== "invocation" || total.counters.calls < callsMin) return [];
  return [
    memorySize(facts, total),
    provisionedConcurrency(facts, total),
    reservedConcurrency(facts, hours),
    architecture(facts, total),
    bundleSize(facts, total),
  ].filter((advice) => advice !== undefined);
}

function memorySize(
  { operation, memoryLimitMb, budgetMs }: OperationFacts,
  { counters, series }: Rollup,
): Recommendation | undefined {
  const usedMb = series.memory.max();
  const p99Ms = series.latency.quantile(0.99);
  const meanMs = series.latency.mean();
  if (!memoryLimitMb || usedMb === undefined || p99Ms === undefined || !meanMs) return undefined;
  const cpuShare = counters.cpuMs / counters.calls / meanMs;
  const evidence = {
    memoryLimitMb,
    memoryHighWaterMb: rounded(usedMb),
    cpuSharePercent: rounded(100 * cpuShare),
    p99Ms: rounded(p99Ms),
    budgetMs,
    calls: counters.calls,
  };
  if (
    usedMb * memoryHeadroom > memoryLimitMb ||
    isStarved(cpuShare, p99Ms, budgetMs, memoryLimitMb)
  ) {
    const proposedMb = Math.max(toStep(usedMb * memoryHeadroom), 2 * memoryLimitMb);
    // Computing time falls with memory until a core is reached; waiting time does not.
    const speedUp = Math.min(proposedMb, fullCoreMb) / Math.min(memoryLimitMb, fullCoreMb);
    const highMs = Math.min(1, cpuShare) * meanMs * (1 - 1 / speedUp);
    return {
      operation,
      kind: "memory-size",
      advice: `Raise the memory from ${memoryLimitMb} to ${proposedMb} MB, then compare p99 and cost.`,
      evidence,
      expectedGain: { measure: "mean latency, ms less", low: 0, high: rounded(highMs) },
    };
  }
  const proposedMb = Math.max(memoryMinMb, toStep(usedMb * memoryHeadroom));
  // Less memory is also less CPU: only for calls that wait most of the time.
  if (proposedMb > memoryLimitMb / 2 || cpuShare > computingShare / 2) return undefined;
  const savedShare = 1 - proposedMb / memoryLimitMb;
  return {
    operation,
    kind: "memory-size",
    advice: `Lower the memory from ${memoryLimitMb} to ${proposedMb} MB; the calls mostly wait.`,
    evidence,
    expectedGain: {
      measure: "duration cost, percent less",
      low: rounded(100 * savedShare * (1 - cpuShare)),
      high: rounded(100 * savedShare),
    },
  };
}

const isStarved = (
  cpuShare: number,
  p99Ms: number,
  budgetMs: number,
  memoryLimitMb: number,
): boolean => cpuShare > computingShare && p99Ms > budgetMs && memoryLimitMb < fullCoreMb;

const toStep = (megabytes: number): number => Math.ceil(megabytes / memoryStepMb) * memoryStepMb;

function provisionedConcurrency(
  { operation, budgetMs }: OperationFacts,
  { counters, series }: Rollup,
): Recommendation | undefined {
  const share = shareInterval(counters.coldStarts, counters.calls);
  const initP50Ms = series.init.quantile(0.5);
  if (share.value < coldShareMin || initP50Ms === undefined || initP50Ms < budgetMs / 2) {
    return undefined;
  }
  return {
    operation,
    kind: "provisioned-concurrency",
    advice:
      "Keep as many environments initialized as are usually busy, if the cold share is to go.",
    evidence: {
      coldStartPercent: rounded(100 * share.value),
      initP50Ms: rounded(initP50Ms),
      budgetMs,
      calls: counters.calls,
    },
    expectedGain: {
      measure: "mean latency seen by callers, ms less",
      low: rounded(share.low * initP50Ms),
      high: rounded(share.high * initP50Ms),
    },
  };
}

/** Little's law: busy environments = calls per second x seconds per call, plus room for bursts. */
function reservedConcurrency(
  { operation, reservedConcurrency: reserved }: OperationFacts,
  hours: readonly Rollup[],
): Recommendation | undefined {
  if (reserved === undefined) return undefined;
  const busy = Math.max(...hours.map((hour) => concurrencyOf(hour, hourMs)));
  // Arrivals scatter like a Poisson process: three deviations cover all but 1 of 700 moments.
  const needed = Math.ceil(busy + 3 * Math.sqrt(busy));
  if (needed <= reserved) return undefined;
  return {
    operation,
    kind: "reserved-concurrency",
    advice: `Raise the reserved concurrency from ${reserved} to at least ${needed}, or calls are throttled.`,
    evidence: { reservedConcurrency: reserved, busiestHourConcurrency: rounded(busy) },
    expectedGain: {
      measure: "environments available at the peak",
      low: needed - reserved,
      high: 2 * (needed - reserved),
    },
  };
}

/** Mean number of calls that were under way, over the time the rollup covers. */
export const concurrencyOf = ({ counters, series }: Rollup, lengthMs: number): number =>
  (counters.calls * (series.latency.mean() ?? 0)) / lengthMs;

function architecture(
  { operation, architecture: current }: OperationFacts,
  { counters }: Rollup,
): Recommendation | undefined {
  if (current === undefined || current === "arm64") return undefined;
  return {
    operation,
    kind: "architecture",
    advice: "Run on arm64: the duration price is a fifth lower.",
    evidence: { architecture: current, calls: counters.calls },
    expectedGain: { measure: "duration cost, percent less", low: 0, high: 20 },
  };
}

function bundleSize(
  { operation }: OperationFacts,
  { counters, series }: Rollup,
): Recommendation | undefined {
  const initP50Ms = series.init.quantile(0.5);
  if (initP50Ms === undefined || initP50Ms < slowInitMs) return undefined;
  const share = shareInterval(counters.coldStarts, counters.calls);
  return {
    operation,
    kind: "bundle-size",
    advice: "Look at what the bundle loads at start: half of it would halve most of the init time.",
    evidence: { initP50Ms: rounded(initP50Ms), coldStarts: counters.coldStarts },
    expectedGain: {
      measure: "mean latency seen by callers, ms less",
      low: 0,
      high: rounded((share.high * initP50Ms) / 2),
    },
  };
}

/** A share with its 95 % interval (Wilson), which holds for few calls too. */
function shareInterval(part: number, total: number): { value: number; low: number; high: number } {
  const z = 1.96;
  const value = part / total;
  const centre = (value + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const reach =
    (z * Math.sqrt((value * (1 - value)) / total + z ** 2 / (4 * total ** 2))) /
    (1 + z ** 2 / total);
  return { value, low: Math.max(0, centre - reach), high: centre + reach };
}
