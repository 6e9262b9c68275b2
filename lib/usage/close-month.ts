import type { Origin } from "../audit/origin.ts";
import type { AuditEntry } from "../audit/record.ts";
import { contention } from "../aws/resend-conflicting.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { CloseStore, PeriodState } from "./close-store.ts";
import { activeShards } from "./counter-statements.ts";
import type { Period } from "./period.ts";
import { clockSkewMs, periodAt, periodNamed, shiftPeriod } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";
import { snapshotOf, suggestTier } from "./snapshot.ts";
import type { Plan } from "./tiers.ts";

export interface CloseDependencies {
  close: CloseStore;
  now: Clock;
}

export interface CloseRun {
  /** `2026-10`; the period before the present one unless said. */
  period?: string | undefined;
  origin: Origin;
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
 * @throws Problem `period-open` until five minutes after the month's end, when no clock may charge it
 * any more
 */
export async function closeMonth(
  run: CloseRun,
  dependencies: CloseDependencies,
): Promise<CloseCounts> {
  const { now } = dependencies;
  const period = run.period ? periodNamed(run.period) : shiftPeriod(periodAt(now()), -1);
  const settledAtMs = period.endsAtMs + clockSkewMs;
  if (now() < settledAtMs) {
    throw new Problem("period-open", {
      detail: `${period.name} can be closed from ${toRfc3339(settledAtMs)} on.`,
    });
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
      [...states].map(([id, state]) => closeManufacturer(id, state, period, run, close, now())),
    );
    for (const verdict of verdicts) {
      if (verdict === undefined) counts.alreadyClosed += 1;
      else counts.closed += 1;
      if (verdict?.suggestedTier) counts.suggested += 1;
    }
    closed += verdicts.length;
    cursor = page.cursor;
    isDone = cursor === undefined;
    await close.saveProgress(period, shard, { cursor, closed, isDone });
  }
}

/** How often a manufacturer's counters are read again because a refund moved one, before a later run. */
const attemptsMax = 5;

/** Answers the snapshot, or undefined where there was one before or no plan to judge by. */
async function closeManufacturer(
  manufacturerId: string,
  state: PeriodState,
  period: Period,
  run: CloseRun,
  close: CloseStore,
  timeMs: number,
): Promise<Snapshot | undefined> {
  let current: PeriodState | undefined = state;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if (!current?.plan) return undefined;
    const snapshot = toSnapshot(current.plan, current, period, timeMs);
    const verdict = await close.close(snapshot, period, toEntries(snapshot, run, timeMs));
    if (verdict !== "moved") return verdict === "closed" ? snapshot : undefined;
    current = (await close.readStates([manufacturerId], period)).get(manufacturerId);
  }
  throw contention(undefined);
}

function toSnapshot(
  plan: Plan,
  { counters, earlier }: PeriodState,
  period: Period,
  timeMs: number,
): Snapshot {
  const snapshot = snapshotOf(plan, counters, period, timeMs);
  const suggestedTier = suggestTier(plan, snapshot, period, earlier, timeMs);
  return { ...snapshot, ...(suggestedTier && { suggestedTier }) };
}

/** The records of a close: the close itself, and the tier it suggests. */
function toEntries(
  { manufacturerId, period, tier, suggestedTier, resources }: Snapshot,
  { origin, actorId }: CloseRun,
  timeMs: number,
): AuditEntry[] {
  const entry = (action: string, details: NonNullable<AuditEntry["details"]>): AuditEntry => ({
    manufacturerId,
    actorId,
    subjectId: manufacturerId,
    action,
    outcome: "success",
    origin,
    timeMs,
    details: { period, tier, ...details },
  });
  const used = Object.fromEntries(
    Object.entries(resources).map(([resource, counter]) => [resource, counter.used]),
  );
  return [
    entry("usage.period.closed", used),
    ...(suggestedTier ? [entry("usage.tier.suggested", { suggestedTier })] : []),
  ];
}
