import type { ProblemTable } from "../problem-table.ts";

/** Envelopes, keys and erasure. */
export const encryptionProblems = {
  "envelope-malformed": { status: 422, title: "The envelope is malformed", retryable: false },
  "commitment-mismatch": {
    status: 422,
    title: "The key commitment does not match the envelope",
    retryable: false,
  },
  "ciphertext-tampered": {
    status: 422,
    title: "The ciphertext was tampered with",
    retryable: false,
  },
  "algorithm-not-approved": {
    status: 422,
    title: "The algorithm is not approved here",
    retryable: false,
  },
  "limit-exceeded": {
    status: 413,
    title: "The request exceeds a limit",
    retryable: false,
  },
  "tenant-mismatch": {
    status: 403,
    title: "The envelope belongs to another manufacturer",
    retryable: false,
  },
  "residency-violation": {
    status: 403,
    title: "The data may not be processed in this region",
    retryable: false,
  },
  "key-version-unknown": { status: 404, title: "There is no such key version", retryable: false },
  "key-version-retired": {
    status: 409,
    title: "The key version is no longer in use",
    retryable: false,
  },
  "key-revoked": { status: 409, title: "The key version was revoked", retryable: false },
  "key-version-in-use": {
    status: 409,
    title: "The account's own records may still be sealed with the key version",
    retryable: true,
  },
  "too-many-rotations": {
    status: 429,
    title: "The manufacturer has rotated its keys often enough for today",
    retryable: true,
  },
  "key-destroyed": { status: 410, title: "The key was destroyed", retryable: false },
  "erasure-pending": {
    status: 409,
    title: "The manufacturer is about to be erased",
    retryable: false,
  },
  "erasure-not-pending": {
    status: 409,
    title: "The manufacturer is not about to be erased",
    retryable: false,
  },
  "confirmation-mismatch": {
    status: 422,
    title: "The confirmation does not name what is to be erased",
    retryable: false,
  },
  "rotation-conflict": {
    status: 409,
    title: "Another change of the same key came first",
    retryable: true,
  },
  "kms-denied": { status: 502, title: "The key service refused", retryable: false },
  "kms-throttled": { status: 503, title: "The key service is throttling", retryable: true },
  "kms-unavailable": { status: 503, title: "The key service is not available", retryable: true },
} as const satisfies ProblemTable;
