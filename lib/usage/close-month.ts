import type { AuditEntry } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { CloseStore, PeriodState } from "./close-store.ts";
import { activeShards } from "./counter-statements.ts";
import type { Period } from "./period.ts";
import { clockSkewMs, periodAt, periodNamed, shiftPeriod } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot.ts";

export interface CloseDependencies {
  close: CloseStore;
  now: Clock;
}

export interface CloseRun {
  /** `2026-10`; the period before the present one unless said. */
  period?: string | undefined;
  requestId: string;
  actorId?: string | undefined;
  /** Stops after this long; a later run goes on where this one stopped. */
  budgetMs: number;
}

export interface CloseCounts {
  period: string;
  /** Manufacturers closed by this run. */
  closed: number;
  /** Manufacturers that earlier runs had closed. */
  alreadyClosed: number;
  /** How many of `closed` are advised to take the next tier. */
  suggested: number;
  /** False when the run stopped early; run it again. */
  complete: boolean;
}

/**
 * Closes a month. Nothing needs resetting, as every month has counters of its own: what is left is a
 * snapshot of each manufacturer that used anything, its domain event, and advice. Runs in pages, so
 * memory does not grow with the number of manufacturers; running late, twice or from where another run
 * stopped changes nothing.
 *
 * @throws Problem `period-open` before the month has ended
 */
export async function closeMonth(
  run: CloseRun,
  dependencies: CloseDependencies,
): Promise<CloseCounts> {
  const { now } = dependencies;
  const period = run.period ? periodNamed(run.period) : shiftPeriod(periodAt(now()), -1);
  if (now() < period.endsAtMs) {
    throw new Problem("period-open", { detail: `${period.name} has not ended yet.` });
  }
  const deadlineMs = now() + run.budgetMs;
  const counts: CloseCounts = {
    period: period.name,
    closed: 0,
    alreadyClosed: 0,
    suggested: 0,
    complete: true,
  };
  const mayGoOn = (): boolean => {
    if (now() >= deadlineMs) counts.complete = false;
    return counts.complete;
  };
  await inTurns(activeShards, (shard) =>
    closeShard(shard, period, run, mayGoOn, counts, dependencies).catch((error: unknown) => {
      // The others end their pages and stop too: a later run goes on everywhere.
      counts.complete = false;
      throw error;
    }),
  );
  return counts;
}

/** Shards that are closed at the same time: four pages are in memory at most. */
const shardsAtOnce = 4;

/** Runs all shards, some at a time, and throws the first error once none is under way any more. */
async function inTurns(shards: number, close: (shard: number) => Promise<void>): Promise<void> {
  let next = 0;
  const results = await Promise.allSettled(
    Array.from({ length: shardsAtOnce }, async () => {
      while (next < shards) await close(next++);
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Closes page after page and adds to the counts; leaves `complete` false when out of time. */
async function closeShard(
  shard: number,
  period: Period,
  run: CloseRun,
  mayGoOn: () => boolean,
  counts: CloseCounts,
  { close, now }: CloseDependencies,
): Promise<void> {
  if (!mayGoOn()) return;
  const progress = await close.readProgress(period, shard);
  counts.alreadyClosed += progress.closed;
  let { cursor, closed, isDone } = progress;
  while (!isDone) {
    if (!mayGoOn()) return;
    const page = await close.listActive(period, shard, cursor);
    const states = await close.readStates(page.manufacturerIds, period);
    const verdicts = await Promise.all(
      [...states.values()].map((state) => closeManufacturer(state, period, run, close, now())),
    );
    for (const verdict of verdicts) {
      if (verdict === undefined) counts.alreadyClosed += 1;
      else counts.closed += 1;
      if (verdict?.suggestedTier) counts.suggested += 1;
    }
    closed += verdicts.length;
    cursor = page.cursor;
    isDone = cursor === undefined;
    // While slow clocks may still charge, nothing is final: a later run looks again.
    if (now() >= period.endsAtMs + clockSkewMs) {
      await close.saveProgress(period, shard, { cursor, closed, isDone });
    }
  }
}

/** Answers the snapshot, or undefined where there was one before or no plan to judge by. */
async function closeManufacturer(
  { plan, counters, earlier }: PeriodState,
  period: Period,
  { requestId, actorId }: CloseRun,
  close: CloseStore,
  timeMs: number,
): Promise<Snapshot | undefined> {
  if (!plan) return undefined;
  const snapshot = snapshotOf(plan, counters, period, earlier, timeMs);
  const { manufacturerId, suggestedTier } = snapshot;
  const entry = (action: string, details: NonNullable<AuditEntry["details"]>): AuditEntry => ({
    manufacturerId,
    actorId,
    subjectId: manufacturerId,
    action,
    outcome: "success",
    requestId,
    timeMs,
    details: { period: period.name, tier: plan.tier, ...details },
  });
  const used = Object.fromEntries(
    Object.entries(snapshot.resources).map(([resource, counter]) => [resource, counter.used]),
  );
  const isNew = await close.close(snapshot, period, [
    entry("usage.period.closed", used),
    ...(suggestedTier ? [entry("usage.tier.suggested", { suggestedTier })] : []),
  ]);
  return isNew ? snapshot : undefined;
}
