import type { ProblemTable } from "../problem-table.ts";

/** Signing in: passwords, links, second factors, sessions. */
export const signInProblems = {
  "invalid-credentials": {
    status: 401,
    title: "The e-mail address or the password is wrong",
    retryable: false,
  },
  "unknown-device": {
    status: 401,
    title: "The device is not known, or has no attempts left",
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
  "password-needed": {
    status: 422,
    title: "The current password has to be given",
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
  "too-many-set-ups": {
    status: 429,
    title: "The account has set up enough authenticator apps for this hour",
    retryable: true,
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
  "another-operator-needed": {
    status: 403,
    title: "Another operator has to do this: nobody unlocks their own account",
    retryable: false,
  },
  "operator-exists": {
    status: 409,
    title: "The platform has an operator, or the address an account",
    retryable: false,
  },
} as const satisfies ProblemTable;
