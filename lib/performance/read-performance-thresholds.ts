import { toRfc3339 } from "../clock.ts";
import type { OperationBody } from "../http/request.ts";
import type { Alert, Watch } from "./alert.ts";
import type { AlertStore } from "./alert-store.ts";
import type { readPerformanceThresholdsRoute } from "./api.ts";
import { objective } from "./assess-budget.ts";
import type { Cusum } from "./degradation.ts";
import { clearAt, raiseAt } from "./degradation.ts";
import type { OperationFacts } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";
import { roundEstimate, rounded } from "./rounded.ts";

type Thresholds = OperationBody<typeof readPerformanceThresholdsRoute>;

const pastAlertsMax = 50;

/** How every operation stood at the last check of the thresholds, and the alerts open and past. */
export async function readPerformanceThresholds(
  _request: unknown,
  { rollups, alerts }: { rollups: RollupStore; alerts: AlertStore },
): Promise<Thresholds> {
  const [{ operations }, watches, open, past] = await Promise.all([
    rollups.readCatalogue(),
    alerts.listWatches(),
    alerts.listOpen(),
    alerts.listPast(pastAlertsMax),
  ]);
  const factsOf = new Map(operations.map((facts) => [facts.operation, facts]));
  return {
    objectivePercent: 100 * objective,
    items: watches.flatMap((watch) => {
      const facts = factsOf.get(watch.operation);
      return facts ? [toItem(facts, watch)] : [];
    }),
    openAlerts: open.map(toAlertItem),
    pastAlerts: past.map(toAlertItem),
  };
}

function toItem(
  { operation, kind, budgetMs }: OperationFacts,
  { version, checkedAtMs, assessment, baseline, detectors }: Watch,
): Thresholds["items"][number] {
  const { calls, hasEnoughCalls, p99, burnRates, verdicts } = assessment;
  return {
    operation,
    kind,
    budgetMs,
    version,
    checkedAt: toRfc3339(checkedAtMs),
    callsLastHour: calls,
    hasEnoughCalls,
    ...(p99 && { p99Ms: roundEstimate(p99) }),
    burnRates: {
      fiveMinutes: rounded(burnRates.fiveMinutes),
      halfHour: rounded(burnRates.halfHour),
      hour: rounded(burnRates.hour),
      sixHours: rounded(burnRates.sixHours),
    },
    verdicts,
    ...(baseline && {
      detectors: {
        mean: toDetector(detectors.mean),
        tail: toDetector(detectors.tail),
        baselineCalls: baseline.calls,
      },
    }),
  };
}

const toDetector = ({ isDegraded, evidence }: Cusum) => ({
  isDegraded,
  evidence: rounded(evidence),
  changesAt: isDegraded ? clearAt : raiseAt,
});

const toAlertItem = ({ operation, kind, version, raisedAtMs, clearedAtMs, evidence }: Alert) => ({
  operation,
  kind,
  version,
  raisedAt: toRfc3339(raisedAtMs),
  ...(clearedAtMs !== undefined && { clearedAt: toRfc3339(clearedAtMs) }),
  evidence,
});
