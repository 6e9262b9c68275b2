import type { ReEncryptDependencies } from "./advance-re-encrypt-job.ts";
import { advanceReEncryptJob } from "./advance-re-encrypt-job.ts";
import type { ReEncryptJob } from "./re-encrypt-job-store.ts";

/** What one run did, by job; a failed job is tried again by the next run. */
export interface ReEncryptRun {
  readonly done: number;
  readonly waiting: number;
  readonly failures: readonly { readonly job: ReEncryptJob; readonly error: unknown }[];
}

/**
 * Advances every re-encrypt job until it is done, has to wait, or `deadlineMs` (epoch milliseconds)
 * is near. Meant to be started on a schedule: what is left over is found again by the next run, and
 * one manufacturer's failure does not hold up the others.
 */
export async function runReEncryptJobs(
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
