import type { ProblemTable } from "../problem-table.ts";

/** Quotas and the months they are of. */
export const usageProblems = {
  "quota-exceeded": {
    status: 429,
    title: "The quota of this period is used up",
    retryable: true,
  },
  "idempotency-key-required": {
    status: 400,
    title: "The resource is charged with an Idempotency-Key only",
    retryable: false,
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key was used with a different request",
    retryable: false,
  },
  "outcome-unknown": {
    status: 503,
    title: "Whether the charge was made is not known; with an Idempotency-Key it can be repeated",
    retryable: false,
  },
  "period-open": {
    status: 409,
    title: "The period has not ended yet",
    retryable: false,
  },
  "already-charged": {
    status: 409,
    title: "The key has paid for this before; nothing is done for it again",
    retryable: false,
  },
} as const satisfies ProblemTable;
