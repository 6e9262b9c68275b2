import type { Origin } from "../audit/origin.ts";
import { systemOrigin } from "../audit/origin.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { Alert, AlertKind, Evidence, Watch } from "./alert.ts";
import { alertKinds } from "./alert.ts";
import type { AlertStore } from "./alert-store.ts";
import type { BudgetAssessment, Verdict } from "./assess-budget.ts";
import { assessBudget, assessedMs } from "./assess-budget.ts";
import { inBatches } from "./in-batches.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";
import { rounded } from "./rounded.ts";
import { describeChange, watchOperation } from "./watch-operation.ts";

export interface CheckDependencies {
  rollups: RollupStore;
  alerts: AlertStore;
  now: Clock;
}

/**
 * Holds every operation against its budget and against its own past; raises each alert once and
 * clears it once when it is over, each with an audit record, which is published as a domain event.
 * Runs may overlap or repeat: conditions keep a second one from doing anything again.
 *
 * @throws Problem `contention`
 */
export async function checkPerformanceThresholds(
  event: { id?: string },
  dependencies: CheckDependencies,
): Promise<{ checked: number; raised: number; cleared: number }> {
  const { rollups, alerts, now } = dependencies;
  const nowMs = now();
  const origin = systemOrigin(event.id ?? `check-${toRfc3339(nowMs)}`);
  const [{ operations }, watches, open] = await Promise.all([
    rollups.readCatalogue(),
    alerts.listWatches(),
    alerts.listOpen(),
  ]);
  const outcomes = await inBatches(operations, (facts) => {
    const isIts = ({ operation }: { operation: string }): boolean => operation === facts.operation;
    const known = { facts, watch: watches.find(isIts), open: open.filter(isIts) };
    return checkOperation(known, nowMs, origin, dependencies);
  });
  return {
    checked: operations.length,
    raised: outcomes.reduce((sum, { raised }) => sum + raised, 0),
    cleared: outcomes.reduce((sum, { cleared }) => sum + cleared, 0),
  };
}

interface Known {
  facts: OperationFacts;
  watch: Watch | undefined;
  open: readonly Alert[];
}

async function checkOperation(
  { facts, watch: previous, open }: Known,
  nowMs: number,
  origin: Origin,
  { rollups, alerts }: CheckDependencies,
): Promise<{ raised: number; cleared: number }> {
  const { operation, budgetMs } = facts;
  const slices = await rollups.list(operation, "slice", nowMs - assessedMs, nowMs + 1);
  const assessment = assessBudget(slices, budgetMs, nowMs);
  const watch = await watchOperation(
    { operation, previous, slices, assessment, nowMs },
    (fromMs, toMs) => rollups.list(operation, "hour", fromMs, toMs),
  );
  const verdicts: Record<AlertKind, Verdict> = {
    ...assessment.verdicts,
    "degradation-mean": watch.detectors.mean.isDegraded ? "firing" : "recovered",
    "degradation-tail": watch.detectors.tail.isDegraded ? "firing" : "recovered",
  };
  let raised = 0;
  let cleared = 0;
  for (const kind of alertKinds) {
    const alert = open.find((candidate) => candidate.kind === kind);
    if (!alert && verdicts[kind] === "firing") {
      const evidence = evidenceOf(kind, budgetMs, assessment, watch, slices);
      const { version } = watch;
      const isNew = await alerts.raise(
        { operation, kind, version, raisedAtMs: nowMs, evidence },
        origin,
      );
      if (isNew) raised++;
    }
    if (alert && verdicts[kind] === "recovered") {
      if (await alerts.clear(alert, nowMs, origin)) cleared++;
    }
  }
  // After the alerts: a run that ends before is repeated from the same point, and finds them raised.
  await alerts.saveWatch(watch, previous);
  return { raised, cleared };
}

/** What makes an alert believable without looking anything up. */
function evidenceOf(
  kind: AlertKind,
  budgetMs: number,
  { calls, p99, burnRates }: BudgetAssessment,
  watch: Watch,
  slices: readonly Rollup[],
): Evidence {
  const common = { budgetMs, callsLastHour: calls };
  if (kind === "degradation-mean" || kind === "degradation-tail") {
    const cusum = watch.detectors[kind === "degradation-mean" ? "mean" : "tail"];
    return { ...common, ...describeChange(watch, cusum, slices) };
  }
  if (kind === "budget-breach") {
    return {
      ...common,
      p99Ms: rounded(p99?.value ?? 0),
      p99LowMs: rounded(p99?.low ?? 0),
      ...(p99?.high !== undefined && { p99HighMs: rounded(p99.high) }),
    };
  }
  const isFast = kind === "burn-rate-fast";
  return {
    ...common,
    burnRateLong: rounded(isFast ? burnRates.hour : burnRates.sixHours),
    burnRateShort: rounded(isFast ? burnRates.fiveMinutes : burnRates.halfHour),
  };
}
