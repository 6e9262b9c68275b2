import { Problem } from "../problem.ts";

/** Service exceptions of AWS that pass: the caller may send the same request again. */
const transient = new Set([
  "DependencyTimeoutException",
  "InternalServerError",
  "ItemCollectionSizeLimitExceededException",
  "KMSInternalException",
  "KeyUnavailableException",
  "LimitExceededException",
  "NetworkingError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ServiceUnavailable",
  "ThrottlingException",
  "TimeoutError",
  "TransactionConflictException",
  "TransactionCanceledException",
  "TransactionInProgressException",
]);

const transientSystemErrors = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
]);

/**
 * Maps whatever was thrown to the problem the caller is told: problems pass, a failing AWS service
 * becomes `unavailable`, all else `internal`. The original stays inside as the logged cause.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return new Problem("internal", { cause: error });
  const systemCode = (error as NodeJS.ErrnoException).code;
  if (transient.has(error.name) || (systemCode && transientSystemErrors.has(systemCode))) {
    return new Problem("unavailable", { cause: error, headers: { "retry-after": "1" } });
  }
  return new Problem("internal", { cause: error });
}
