import type { Alert } from "./alert.ts";
import type { Recommendation } from "./recommendation.ts";
import type { Rollup } from "./rollup.ts";
import { mergeRollups } from "./rollup.ts";
import { rounded } from "./rounded.ts";

/** Of the added time, from which on it is the computing that got slower. */
const computingShare = 0.5;

/**
 * What to do about a degradation that is going on: take the version back where it came with it, else
 * look at what the calls wait for, or at what they compute.
 *
 * @param before hours before the degradation began
 * @param since five-minute slices from then on
 */
export function explainDegradation(
  { operation, version }: Pick<Alert, "operation" | "version">,
  before: readonly Rollup[],
  since: readonly Rollup[],
): Recommendation | undefined {
  const [old, slow] = [mergeRollups(before), mergeRollups(since)];
  const [oldMs, slowMs] = [old.series.latency.mean(), slow.series.latency.mean()];
  if (oldMs === undefined || slowMs === undefined || slowMs <= oldMs) return undefined;
  const addedMs = slowMs - oldMs;
  const addedCpuMs = cpuPerCall(slow) - cpuPerCall(old);
  const evidence = {
    version,
    meanBeforeMs: rounded(oldMs),
    meanSinceMs: rounded(slowMs),
    cpuBeforeMs: rounded(cpuPerCall(old)),
    cpuSinceMs: rounded(cpuPerCall(slow)),
    callsBefore: old.counters.calls,
    callsSince: slow.counters.calls,
  };
  const expectedGain = {
    measure: "mean latency, ms less",
    low: rounded(addedMs / 2),
    high: rounded(addedMs),
  };
  if (!before.some((hour) => hour.version === version)) {
    const previousVersion = before.at(-1)?.version ?? "";
    return {
      operation,
      kind: "roll-back",
      advice: `It came with version ${version}: go back to ${previousVersion}, or find what it changed.`,
      evidence: { ...evidence, previousVersion },
      expectedGain,
    };
  }
  return addedCpuMs < computingShare * addedMs
    ? {
        operation,
        kind: "slow-dependency",
        advice: "The calls wait longer, they do not compute more: look at the services they call.",
        evidence,
        expectedGain,
      }
    : {
        operation,
        kind: "slow-code",
        advice: "The calls compute longer: look at larger inputs, and at the process's neighbours.",
        evidence,
        expectedGain,
      };
}

const cpuPerCall = ({ counters: { cpuMs, calls } }: Rollup): number => cpuMs / calls;
