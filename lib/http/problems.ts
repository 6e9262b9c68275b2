import type { ProblemTable } from "../problem-table.ts";

/** What is wrong with a request itself (RFC 9110), or with who is asking (RFC 6750, RFC 9470). */
export const requestProblems = {
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
  "too-many-requests": {
    status: 429,
    title: "The network that the request comes from has sent too many",
    retryable: true,
  },
  "threat-detected": {
    status: 422,
    title: "A field of the body looks like an attack",
    retryable: false,
  },
} as const satisfies ProblemTable;
