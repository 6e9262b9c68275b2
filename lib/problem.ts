/**
 * Every way a request can fail, in one table. Clients switch on `code`; `status` and `title` never
 * change for a code once released. `retryable` says whether the same request may succeed later.
 */
export const problems = {
  // The request itself (RFC 9110)
  "malformed-json": { status: 400, title: "The body is not well-formed JSON", retryable: false },
  "invalid-request": {
    status: 400,
    title: "The request does not match the operation's schema",
    retryable: false,
  },
  "body-too-large": {
    status: 413,
    title: "The body is larger than the operation accepts",
    retryable: false,
  },
  "unsupported-media-type": {
    status: 415,
    title: "The body must be sent as application/json",
    retryable: false,
  },
  "not-found": { status: 404, title: "There is no such resource", retryable: false },

  // Who is asking (RFC 6750, RFC 9470)
  "missing-token": { status: 401, title: "An access token is required", retryable: false },
  "invalid-token": { status: 401, title: "The access token is not valid", retryable: false },
  "insufficient-authentication": {
    status: 401,
    title: "A stronger or more recent authentication is required",
    retryable: false,
  },
  forbidden: {
    status: 403,
    title: "The caller lacks the permission for this operation",
    retryable: false,
  },

  // Signing in
  "invalid-credentials": {
    status: 401,
    title: "The e-mail address or the password is wrong",
    retryable: false,
  },
  "too-many-attempts": {
    status: 429,
    title: "Too many failed attempts, wait before the next one",
    retryable: true,
  },
  "invalid-ticket": {
    status: 400,
    title: "The link is unknown, used or expired",
    retryable: false,
  },
  "password-too-short": { status: 422, title: "The password is too short", retryable: false },
  "password-too-long": { status: 422, title: "The password is too long", retryable: false },
  "password-blocked": {
    status: 422,
    title: "The password is known to be guessable",
    retryable: false,
  },
  "email-taken": {
    status: 409,
    title: "The e-mail address already belongs to an account",
    retryable: false,
  },

  "invalid-mfa-token": {
    status: 401,
    title: "The MFA token is unknown, used or expired",
    retryable: false,
  },
  "invalid-code": { status: 401, title: "The code is wrong or was used before", retryable: false },
  "factor-disabled": {
    status: 403,
    title: "The factor is disabled after too many failures and has to be bound anew",
    retryable: false,
  },
  "too-many-factors": {
    status: 409,
    title: "The account has as many factors as it may have",
    retryable: false,
  },
  "invalid-device-proof": {
    status: 401,
    title: "The proof does not show possession of the device key",
    retryable: false,
  },
  "second-factor-needed": {
    status: 409,
    title: "The account must keep a second factor",
    retryable: false,
  },
  "invalid-refresh-token": {
    status: 401,
    title: "The refresh token is unknown, used or expired",
    retryable: false,
  },

  "operator-exists": {
    status: 409,
    title: "The platform has an operator, or the address an account",
    retryable: false,
  },

  // Members
  "last-owner": {
    status: 409,
    title: "A manufacturer keeps at least one owner",
    retryable: false,
  },
  "role-above-own": {
    status: 403,
    title: "Nobody acts on a role above their own",
    retryable: false,
  },
  "too-many-invitations": {
    status: 429,
    title: "The manufacturer has sent enough invitations for this hour",
    retryable: true,
  },
  "too-many-mails": {
    status: 429,
    title: "The address has been sent enough e-mails for this hour",
    retryable: true,
  },

  "threat-detected": {
    status: 422,
    title: "A field of the body looks like an attack",
    retryable: false,
  },

  // Encryption
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

  // Usage
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
  "already-charged": {
    status: 409,
    title: "The key has paid for this before; nothing is done for it again",
    retryable: false,
  },
  "period-open": {
    status: 409,
    title: "The period has not ended yet",
    retryable: false,
  },

  // The platform
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
} as const satisfies Record<string, ProblemDefinition>;

interface ProblemDefinition {
  status: number;
  title: string;
  retryable: boolean;
}

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
