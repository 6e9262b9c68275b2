import type { InvocationTime } from "../http/task.ts";
import type { JobStep, ReEncryptDependencies } from "./advance-re-encrypt-job.ts";
import { advanceReEncryptJob } from "./advance-re-encrypt-job.ts";
import type { ReEncryptJob } from "./re-encrypt-job-store.ts";

/** What one run did, by job; a failed job is tried again by the next run. */
export interface ReEncryptRun {
  readonly done: number;
  readonly waiting: number;
  readonly failures: readonly { readonly job: ReEncryptJob; readonly error: unknown }[];
}

/** Kept back so that a page that was begun can be finished and its progress stored. */
const reserveMs = 15_000;

/**
 * `advanceAllJobs` for as long as the invocation may last.
 * @throws AggregateError of what failed, after all the others were advanced
 */
export async function runReEncryptJobs(
  _event: unknown,
  dependencies: ReEncryptDependencies,
  { remainingMs }: InvocationTime,
): Promise<{ done: number; waiting: number }> {
  const deadlineMs = dependencies.now() + remainingMs() - reserveMs;
  const { done, failures, waiting } = await advanceAllJobs(dependencies, deadlineMs);
  if (failures.length > 0) {
    const errors = failures.map(({ error }) => error);
    throw new AggregateError(errors, "re-encrypt jobs failed");
  }
  return { done, waiting };
}

/**
 * Advances every re-encrypt job until it is done, has to wait, or `deadlineMs` (epoch milliseconds)
 * is near. Each takes one step at a time, so that a manufacturer with many records keeps nobody
 * waiting. Meant to be started on a schedule: what is left over is found again by the next run, and
 * one manufacturer's failure does not hold up the others.
 */
export async function advanceAllJobs(
  dependencies: ReEncryptDependencies,
  deadlineMs: number,
): Promise<ReEncryptRun> {
  const failures: { job: ReEncryptJob; error: unknown }[] = [];
  const steps = new Map<string, JobStep>();
  let moved: number;
  do {
    moved = 0;
    for await (const job of jobsOf(dependencies)) {
      const name = `${job.manufacturerId}/${job.keyId}`;
      if ((steps.get(name) ?? "moved") !== "moved") continue;
      if (dependencies.now() >= deadlineMs) break;
      try {
        const step = await advanceReEncryptJob(dependencies, job);
        steps.set(name, step);
        moved += step === "moved" ? 1 : 0;
      } catch (error) {
        steps.set(name, "waiting");
        failures.push({ job, error });
      }
    }
  } while (moved > 0 && dependencies.now() < deadlineMs);
  const done = [...steps.values()].filter((step) => step === "done").length;
  return { done, waiting: steps.size - done - failures.length, failures };
}

/** All unfinished jobs as they stand now, page by page. */
async function* jobsOf({ jobs }: ReEncryptDependencies): AsyncGenerator<ReEncryptJob> {
  let cursor: Record<string, unknown> | undefined;
  do {
    const page = await jobs.list(cursor);
    yield* page.jobs;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
