import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { optimizePerformanceRoute } from "./advice-api.ts";
import type { AlertStore } from "./alert-store.ts";
import type { CacheName, CacheSetting, TunableCache } from "./cache-lifetimes.ts";
import { lifetimeSecondsOf, tunableCaches } from "./cache-lifetimes.ts";
import { proposeLifetime } from "./propose-lifetime.ts";
import { recommendAll } from "./read-performance-recommendations.ts";
import { hourMs, mergeRollups } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";
import type { SettingStore } from "./setting-store.ts";

type Optimization = OperationBody<typeof optimizePerformanceRoute>;
type Applied = Optimization["applied"][number];

const observedMs = 24 * hourMs;

/**
 * Applies what may be applied without a person: lifetimes of the caches in `tunableCaches`, within
 * their bounds, each change with an audit record. `revert` takes the last change of each back.
 * Everything else is recommended.
 *
 * @throws Problem `contention` when somebody else changed a lifetime at the same time
 */
export async function optimizePerformance(
  { body, caller, origin }: OperationRequest<typeof optimizePerformanceRoute>,
  dependencies: {
    rollups: RollupStore;
    alerts: Pick<AlertStore, "listOpen">;
    settings: SettingStore;
    now: Clock;
  },
): Promise<Optimization> {
  const { rollups, settings: store, now } = dependencies;
  const nowMs = now();
  const { operations, settings } = await rollups.readCatalogue();
  const applied: Applied[] = [];
  for (const cache of Object.keys(tunableCaches) as CacheName[]) {
    const change = body.revert
      ? reversal(cache, settings)
      : await improvement(cache, settings, rollups, nowMs);
    if (!change || change.toSeconds === change.fromSeconds) continue;
    const current = settings.find((setting) => setting.cache === cache);
    const isStored = await store.change(
      {
        cache,
        lifetimeSeconds: change.toSeconds,
        previousSeconds: change.fromSeconds,
        changedAtMs: nowMs,
        revision: (current?.revision ?? 0) + 1,
      },
      { actorId: caller.memberId, origin, evidence: change.evidence },
    );
    if (!isStored) throw new Problem("contention");
    applied.push(change);
  }
  return { applied, recommended: await recommendAll(operations, dependencies) };
}

function reversal(cache: CacheName, settings: readonly CacheSetting[]): Applied | undefined {
  const setting = settings.find((candidate) => candidate.cache === cache);
  return (
    setting && {
      cache,
      fromSeconds: lifetimeSecondsOf(cache, settings),
      toSeconds: setting.previousSeconds,
      evidence: { reason: "revert" },
    }
  );
}

async function improvement(
  cache: CacheName,
  settings: readonly CacheSetting[],
  rollups: RollupStore,
  nowMs: number,
): Promise<Applied> {
  const tunable: TunableCache = tunableCaches[cache];
  const hours = await rollups.list(tunable.operation, "hour", nowMs - observedMs, nowMs + 1);
  const { counters, series } = mergeRollups(hours);
  const { lifetimeSeconds, expectedGain } = proposeLifetime(tunable, {
    calls: counters.calls,
    busyHours: hours.length,
    p95Ms: series.latency.quantile(0.95) ?? 0,
  });
  return {
    cache,
    fromSeconds: lifetimeSecondsOf(cache, settings),
    toSeconds: lifetimeSeconds,
    evidence: { callsLastDay: counters.calls, busyHours: hours.length },
    ...(expectedGain && { expectedGain }),
  };
}
