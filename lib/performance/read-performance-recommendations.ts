import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody } from "../http/request.ts";
import type { readPerformanceRecommendationsRoute } from "./advice-api.ts";
import type { Alert } from "./alert.ts";
import type { AlertStore } from "./alert-store.ts";
import { explainDegradation } from "./explain-degradation.ts";
import { inBatches } from "./in-batches.ts";
import type { Recommendation } from "./recommendation.ts";
import { recommend } from "./recommendation.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import { hourMs, startOf } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";

/** Long enough to hold a peak of every day of the week. */
const observedMs = 7 * 24 * hourMs;

interface Dependencies {
  rollups: RollupStore;
  alerts: Pick<AlertStore, "listOpen">;
  now: Clock;
}

/** What a person should do about degradations that go on, and what the last week advises to change. */
export async function readPerformanceRecommendations(
  _request: unknown,
  dependencies: Dependencies,
): Promise<OperationBody<typeof readPerformanceRecommendationsRoute>> {
  const nowMs = dependencies.now();
  const { operations } = await dependencies.rollups.readCatalogue();
  return {
    from: toRfc3339(nowMs - observedMs),
    to: toRfc3339(nowMs),
    items: await recommendAll(operations, dependencies),
  };
}

/** All advice there is, what is urgent first. */
export async function recommendAll(
  operations: readonly OperationFacts[],
  { rollups, alerts, now }: Dependencies,
): Promise<Recommendation[]> {
  const nowMs = now();
  const degraded = (await alerts.listOpen()).filter(({ kind }) => kind.startsWith("degradation-"));
  const advice = await inBatches(operations, async (facts) => {
    const { operation } = facts;
    const hours = await rollups.list(operation, "hour", nowMs - observedMs, nowMs + 1);
    const alert = degraded.find((candidate) => candidate.operation === operation);
    const explanation = alert && (await explain(alert, hours, rollups, nowMs));
    return { urgent: explanation ? [explanation] : [], other: recommend(facts, hours) };
  });
  return [...advice.flatMap(({ urgent }) => urgent), ...advice.flatMap(({ other }) => other)];
}

async function explain(
  alert: Alert,
  hours: readonly Rollup[],
  rollups: RollupStore,
  nowMs: number,
): Promise<Recommendation | undefined> {
  const sinceMs = Date.parse(String(alert.evidence["since"]));
  if (Number.isNaN(sinceMs)) return undefined;
  return explainDegradation(
    alert,
    hours.filter(({ startMs }) => startMs < startOf(sinceMs, hourMs)),
    await rollups.list(alert.operation, "slice", sinceMs, nowMs + 1),
  );
}
