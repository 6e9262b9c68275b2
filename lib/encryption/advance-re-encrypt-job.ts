import { tables } from "../aws/tables.ts";
import { Problem } from "../problem.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import type { KeyVersion, ManufacturerKeys } from "./manufacturer-keys.ts";
import type { ReEncryptJob, ReEncryptJobStore } from "./re-encrypt-job-store.ts";
import { fenceMs } from "./rotate-encryption-key.ts";
import type { FieldPlace } from "./seal-field.ts";
import { openField, sealField } from "./seal-field.ts";

/** A sealed attribute where it was found. */
export interface SealedField {
  readonly place: FieldPlace;
  readonly envelope: Envelope;
}

/** The items of other domains that hold sealed attributes. */
export interface SealedFields {
  /**
   * One page of the attributes sealed with `keyId`, read consistently. A record present during the
   * whole pass is met, whatever is written meanwhile.
   */
  list(
    version: { manufacturerId: string; keyId: string },
    cursor: string | undefined,
  ): Promise<{ fields: SealedField[]; nextCursor?: string }>;
  /** Writes `next` if `field` is still what is stored there; tells whether it did. */
  replace(field: SealedField, next: Envelope): Promise<boolean>;
}

export interface ReEncryptDependencies extends EncryptionDependencies {
  readonly jobs: ReEncryptJobStore;
  readonly fields: SealedFields;
  readonly readManufacturerKeys: (manufacturerId: string) => Promise<ManufacturerKeys | undefined>;
  readonly readVersion: (manufacturerId: string, keyId: string) => Promise<KeyVersion | undefined>;
  readonly fenceMs?: number;
  readonly graceMs?: number;
}

/** `moved`: goes on at once. `waiting`: nothing to do before a later run. `done`: the job is closed. */
export type JobStep = "moved" | "waiting" | "done";

/**
 * How long the key of an emptied version is kept: as long as a backup of the table can be restored
 * whose records are sealed with it. What erasure destroys does not wait.
 */
export const graceMs = tables.identity.recoveryDays * 24 * 60 * 60_000;

/** How long a straggler may stay unreadable under a blocked version before it is found. */
const straggleMs = 60 * 60_000;

/** Two, so that one wrong listing never destroys a key. */
const emptyPassesNeeded = 2;

/**
 * Takes one step of a job: moves one page of records to the newest key, and at the end of a pass
 * decides what it means. Any step may be cut off and run again; records are replaced conditionally
 * and progress is stored after them.
 * @throws Problem as `openField` and `sealField`
 */
export async function advanceReEncryptJob(
  dependencies: ReEncryptDependencies,
  job: ReEncryptJob,
): Promise<JobStep> {
  const { fields, jobs, now } = dependencies;
  if (job.notBeforeMs !== undefined && now() < job.notBeforeMs) return "waiting";
  const manufacturer = await dependencies.readManufacturerKeys(job.manufacturerId);
  if (manufacturer?.state === "erased") {
    await jobs.abandon(job);
    return "done";
  }
  if (manufacturer?.state !== "active") return "waiting";
  const passStartedAtMs = job.passStartedAtMs ?? now();
  const page = await fields.list(job, job.cursor);
  const migrated = await moveFields(dependencies, page.fields);
  if (migrated === undefined) return "waiting";
  const advanced = {
    ...job,
    revision: job.revision + 1,
    found: job.found + page.fields.length,
    migrated: job.migrated + migrated,
    passStartedAtMs,
  };
  if (page.nextCursor === undefined) return endPass(dependencies, advanced);
  return (await jobs.save({ ...advanced, cursor: page.nextCursor })) ? "moved" : "waiting";
}

/**
 * Moves the fields of a page side by side; one that fails holds up none but the progress. Undefined
 * while the key ring here, which looks for newer versions now and then, still seals with the version
 * that is to be emptied: moving records onto it again would never end.
 */
async function moveFields(
  dependencies: ReEncryptDependencies,
  fields: readonly SealedField[],
): Promise<number | undefined> {
  const moves = await Promise.allSettled(fields.map((field) => moveField(dependencies, field)));
  let migrated = 0;
  let isStale = false;
  for (const move of moves) {
    if (move.status === "rejected") throw move.reason;
    if (move.value === "stale") isStale = true;
    else if (move.value === "moved") migrated += 1;
  }
  return isStale ? undefined : migrated;
}

async function moveField(
  dependencies: ReEncryptDependencies,
  field: SealedField,
): Promise<"moved" | "overtaken" | "stale"> {
  const plaintext = await openField(dependencies, field.place, field.envelope);
  const next = await sealField(dependencies, field.place, plaintext);
  plaintext.fill(0);
  if (next.keyId === field.envelope.keyId) return "stale";
  // Overtaken by a newer write, which the next pass looks at.
  return (await dependencies.fields.replace(field, next)) ? "moved" : "overtaken";
}

async function endPass(
  dependencies: ReEncryptDependencies,
  ended: ReEncryptJob & { readonly passStartedAtMs: number },
): Promise<JobStep> {
  const { jobs, now } = dependencies;
  const { cursor: _, notBeforeMs: __, passStartedAtMs, ...job } = ended;
  if (job.found > 0) {
    // Whoever wrote it may have a stale copy in hand still, so the fence moves on with it.
    const fenceUntilMs = Math.max(job.fenceUntilMs, now() + (dependencies.fenceMs ?? fenceMs));
    const saved = await jobs.save({ ...job, found: 0, emptyPasses: 0, fenceUntilMs });
    await jobs.unblock(job);
    return saved ? "moved" : "waiting";
  }
  if (passStartedAtMs <= job.fenceUntilMs) {
    await jobs.save({ ...job, emptyPasses: 0, notBeforeMs: job.fenceUntilMs + 1 });
    return "waiting";
  }
  const emptyPasses = job.emptyPasses + 1;
  // Emptied: from here on it is enough to look for a straggler once in a while.
  const pauseMs = Math.min(straggleMs, dependencies.graceMs ?? graceMs);
  const counted =
    emptyPasses < emptyPassesNeeded
      ? { ...job, emptyPasses }
      : { ...job, emptyPasses, notBeforeMs: now() + pauseMs };
  if (!(await jobs.save(counted))) return "waiting";
  if (counted.emptyPasses < emptyPassesNeeded) return "moved";
  return retireEmptied(dependencies, counted, passStartedAtMs);
}

/** Blocks a version that was empty twice; destroys it once its grace is over and it was empty again. */
async function retireEmptied(
  dependencies: ReEncryptDependencies,
  job: ReEncryptJob,
  passStartedAtMs: number,
): Promise<JobStep> {
  const { jobs, now } = dependencies;
  const version = await dependencies.readVersion(job.manufacturerId, job.keyId);
  if (version === undefined) throw new Problem("key-version-unknown");
  const destroyAfterMs = now() + (dependencies.graceMs ?? graceMs);
  if (version.state === "retiring") await jobs.block(job, destroyAfterMs);
  else if (version.destroyAfterMs === undefined)
    await jobs.scheduleDestruction(job, destroyAfterMs);
  else if (version.destroyAfterMs <= passStartedAtMs) {
    return (await jobs.destroy(job, now())).committed ? "done" : "waiting";
  }
  return "waiting";
}
