import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody } from "../http/request.ts";
import type { readPerformanceRecommendationsRoute } from "./api.ts";
import { inBatches } from "./in-batches.ts";
import type { Recommendation } from "./recommendation.ts";
import { recommend } from "./recommendation.ts";
import type { OperationFacts } from "./rollup.ts";
import { hourMs } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";

/** Long enough to hold a peak of every day of the week. */
const observedMs = 7 * 24 * hourMs;

/** What the last week advises a person to change, each with its evidence. */
export async function readPerformanceRecommendations(
  _request: unknown,
  { rollups, now }: { rollups: RollupStore; now: Clock },
): Promise<OperationBody<typeof readPerformanceRecommendationsRoute>> {
  const nowMs = now();
  const { operations } = await rollups.readCatalogue();
  return {
    from: toRfc3339(nowMs - observedMs),
    to: toRfc3339(nowMs),
    items: await recommendAll(operations, rollups, nowMs),
  };
}

export async function recommendAll(
  operations: readonly OperationFacts[],
  rollups: RollupStore,
  nowMs: number,
): Promise<Recommendation[]> {
  const advice = await inBatches(operations, async (facts) =>
    recommend(facts, await rollups.list(facts.operation, "hour", nowMs - observedMs, nowMs + 1)),
  );
  return advice.flat();
}
