import type { InvocationTime } from "../http/task.ts";
import type { ReEncryptDependencies } from "./advance-re-encrypt-job.ts";
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
 * is near. Meant to be started on a schedule: what is left over is found again by the next run, and
 * one manufacturer's failure does not hold up the others.
 */
export async function advanceAllJobs(
  dependencies: ReEncryptDependencies,
  deadlineMs: number,
): Promise<ReEncryptRun> {
  const failures: { job: ReEncryptJob; error: unknown }[] = [];
  const steps = { done: 0, waiting: 0 };
  let cursor: Record<string, unknown> | undefined;
  do {
    const page = await dependencies.jobs.list(cursor);
    for (const job of page.jobs) {
      try {
        steps[await advanceToEnd(dependencies, job, deadlineMs)] += 1;
      } catch (error) {
        failures.push({ job, error });
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined && dependencies.now() < deadlineMs);
  return { ...steps, failures };
}

async function advanceToEnd(
  dependencies: ReEncryptDependencies,
  listed: ReEncryptJob,
  deadlineMs: number,
): Promise<"done" | "waiting"> {
  let job: ReEncryptJob | undefined = listed;
  while (job !== undefined && dependencies.now() < deadlineMs) {
    const step = await advanceReEncryptJob(dependencies, job);
    if (step !== "moved") return step;
    job = await dependencies.jobs.read(job.manufacturerId, job.keyId);
  }
  return "waiting";
}
