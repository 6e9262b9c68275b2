import type { ProblemTable } from "../problem-table.ts";

/** The platform itself: what may pass, and what nobody foresaw. */
export const platformProblems = {
  "keys-not-ready": {
    status: 503,
    title: "The platform has no signing key yet",
    retryable: true,
  },
  contention: {
    status: 503,
    title: "Too many requests change the same data at the same time",
    retryable: true,
  },
  unavailable: {
    status: 503,
    title: "A service this operation needs is not available",
    retryable: true,
  },
  timeout: { status: 503, title: "The operation took too long and was stopped", retryable: true },
  internal: { status: 500, title: "The operation failed unexpectedly", retryable: true },
} as const satisfies ProblemTable;
