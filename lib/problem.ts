import { memberProblems } from "./accounts/problems.ts";
import { signInProblems } from "./auth/problems.ts";
import { encryptionProblems } from "./encryption/problems.ts";
import { requestProblems } from "./http/problems.ts";
import { platformProblems } from "./platform/problems.ts";
import type { ProblemTable } from "./problem-table.ts";
import { usageProblems } from "./usage/problems.ts";

/**
 * Every way a request can fail, in one table. Clients switch on `code`; `status` and `title` never
 * change for a code once released. `retryable` says whether the same request may succeed later.
 */
export const problems = {
  ...requestProblems,
  ...signInProblems,
  ...memberProblems,
  ...encryptionProblems,
  ...usageProblems,
  ...platformProblems,
} as const satisfies ProblemTable;

export type ProblemCode = keyof typeof problems;

/** One invalid place in a request: an RFC 6901 pointer into it, and what is wrong there. */
export interface FieldError {
  pointer: string;
  code: string;
}

export interface ProblemOptions {
  /** Public sentence for this occurrence: says what to fix, holds no secret. */
  detail?: string;
  /** Public extension members (RFC 9457 section 3.2). */
  extra?: Record<string, unknown>;
  /** Response headers, such as `Retry-After` or `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** The underlying error: logged, never returned. */
  cause?: unknown;
}

/**
 * A failure with a stable code; the HTTP wrap turns it into `application/problem+json` (RFC 9457).
 * Anything else that is thrown becomes `internal`.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code].title, { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = options.detail;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problems[this.code].status;
  }
}
