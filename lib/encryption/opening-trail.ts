import type { Origin } from "../audit/origin.ts";
import type { AuditEntry, PrepareRecord } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";

/**
 * How openings of envelopes reach the audit trail. `strict`: each has a record of its own before its
 * answer. `counted`: one record for all of a member, an address and a key version in ten seconds.
 */
export const openingPolicies = ["counted", "strict"] as const;
export type OpeningPolicy = (typeof openingPolicies)[number];

/** One envelope that was opened for a member. */
export interface Opening {
  readonly manufacturerId: string;
  readonly actorId: string;
  readonly origin: Origin;
  readonly keyId: string;
  /** SHA-256 of the canonical context, in base64url. */
  readonly contextDigest: string;
  /** The envelope's own commitment: no two envelopes have the same. */
  readonly commitment: string;
}

/** Longest time, in milliseconds, that counts wait in memory while an environment is used. */
const intervalMs = 10_000;
const contextsPerRecordMax = 100;
/** Records that could not be written; with so many of them, nothing is opened before they are. */
const unwrittenMax = 25;

/** Openings of one member, address and key version that are not on record yet. */
interface Batch {
  readonly first: Opening;
  readonly sinceMs: number;
  readonly countsByContext: Map<string, number>;
}

/**
 * The trail of one environment. Lambda may freeze or end it after any answer, and no timer runs then,
 * so requests write what was counted: the first opening of a member, address and key version is on record
 * before its answer, and so is every one that comes ten seconds or more after that record. What is lost
 * when an environment ends without another request is at most the counts of those ten seconds. A
 * record that could not be written is kept and sent again; it is stored once.
 */
export class OpeningTrail {
  readonly #now: Clock;
  readonly #prepareRecord: PrepareRecord;
  readonly #batches = new Map<string, Batch>();
  readonly #recordedAtMs = new Map<string, number>();
  readonly #unwritten = new Set<() => Promise<void>>();

  constructor(options: { readonly now: Clock; readonly prepareRecord: PrepareRecord }) {
    this.#now = options.now;
    this.#prepareRecord = options.prepareRecord;
  }

  /**
   * Puts an opening on record as `policy` says, before it is answered.
   * @throws whatever kept the record from being written: with `strict` always, with `counted` where
   * 25 records wait already. The opening is then not counted, and must not be answered.
   */
  async note(opening: Opening, policy: OpeningPolicy): Promise<void> {
    if (policy === "strict") await this.#prepareRecord(strictEntry(opening, this.#now()))();
    else if (this.#unwritten.size >= unwrittenMax) await this.#writeAll();
    if (policy === "counted" && !this.#count(opening)) return;
    this.#closeBatches();
    // What stays unwritten is sent again with the next record.
    await this.#writeAll().catch(() => undefined);
  }

  /** Whether it is time for a record. */
  #count(opening: Opening): boolean {
    const { actorId, contextDigest, keyId, manufacturerId, origin } = opening;
    // A token that is used from somewhere else as well has records of its own.
    const name = JSON.stringify([manufacturerId, actorId, keyId, origin.sourceAddress]);
    const batch = this.#batches.get(name) ?? {
      first: opening,
      sinceMs: this.#now(),
      countsByContext: new Map<string, number>(),
    };
    this.#batches.set(name, batch);
    const count = batch.countsByContext.get(contextDigest) ?? 0;
    batch.countsByContext.set(contextDigest, count + 1);
    const recordedAtMs = this.#recordedAtMs.get(name) ?? Number.NEGATIVE_INFINITY;
    return (
      this.#now() - recordedAtMs >= intervalMs || batch.countsByContext.size >= contextsPerRecordMax
    );
  }

  #closeBatches(): void {
    const nowMs = this.#now();
    for (const [name, timeMs] of this.#recordedAtMs) {
      if (nowMs - timeMs >= intervalMs) this.#recordedAtMs.delete(name);
    }
    for (const [name, batch] of this.#batches) {
      this.#unwritten.add(this.#prepareRecord(countedEntry(batch, nowMs)));
      this.#recordedAtMs.set(name, nowMs);
    }
    this.#batches.clear();
  }

  async #writeAll(): Promise<void> {
    await Promise.all(
      [...this.#unwritten].map(async (write) => {
        await write();
        this.#unwritten.delete(write);
      }),
    );
  }
}

const countedEntry = ({ countsByContext, first, sinceMs }: Batch, timeMs: number): AuditEntry =>
  entryOf(first, timeMs, {
    openings: [...countsByContext.values()].reduce((sum, count) => sum + count, 0),
    since: toRfc3339(sinceMs),
    contexts: [...countsByContext].map(([digest, count]) => `${digest}:${count}`),
  });

const strictEntry = (opening: Opening, timeMs: number): AuditEntry =>
  entryOf(opening, timeMs, {
    openings: 1,
    contexts: [`${opening.contextDigest}:1`],
    commitment: opening.commitment,
  });

const entryOf = (
  { actorId, keyId, manufacturerId, origin }: Opening,
  timeMs: number,
  details: NonNullable<AuditEntry["details"]>,
): AuditEntry => ({
  manufacturerId,
  actorId,
  subjectId: keyId,
  action: "encryption.envelope.opened",
  outcome: "success",
  origin,
  timeMs,
  details,
});
