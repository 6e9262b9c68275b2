import * as z from "zod/mini";
import { EmailAddress, Password, TicketToken } from "../accounts/fields.ts";
import type { Route } from "../http/route.ts";
import { TokensResponse, tokenGrants } from "./api.ts";

const passwordProblems = ["password-too-short", "password-too-long", "password-blocked"] as const;

export const changePasswordRoute = {
  operationId: "changePassword",
  domain: "auth",
  summary: "Change the password; ends every other session and answers new tokens for this one",
  method: "POST",
  path: "/v1/auth/password/change",
  access: "member",
  body: z.strictObject({ current: Password, new: Password }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: TokensResponse },
  problems: [
    ...passwordProblems,
    "invalid-credentials",
    "too-many-attempts",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    ...tokenGrants,
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 800,
  memoryMb: 1024,
  reservedConcurrency: 20,
} as const satisfies Route;

export const forgotPasswordRoute = {
  operationId: "forgotPassword",
  domain: "auth",
  summary: "Ask for a password reset link; the answer is the same for every address",
  method: "POST",
  path: "/v1/auth/password/forgot",
  access: "public",
  sourceBudget: "mails",
  body: z.strictObject({ email: EmailAddress }),
  bodyBytesMax: 1024,
  success: { status: 202, schema: z.object({ status: z.literal("reset-sent") }) },
  problems: ["keys-not-ready", "contention"],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
  reservedConcurrency: 20,
} as const satisfies Route;

export const resetPasswordRoute = {
  operationId: "resetPassword",
  domain: "auth",
  summary: "Set a new password by a reset link; ends all sessions and bypasses no second factor",
  method: "POST",
  path: "/v1/auth/password/reset",
  access: "public",
  sourceBudget: "passwords",
  body: z.strictObject({ token: TicketToken, password: Password }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: z.object({ status: z.literal("password-set") }) },
  problems: [...passwordProblems, "invalid-ticket", "keys-not-ready", "contention"],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 500,
  memoryMb: 1024,
  reservedConcurrency: 20,
} as const satisfies Route;

export const notMeRoute = {
  operationId: "notMe",
  domain: "auth",
  summary:
    "Say that a change of factors was somebody else's: takes it back, ends all sessions, voids the password and sends a reset link",
  method: "POST",
  path: "/v1/auth/not-me",
  access: "public",
  body: z.strictObject({ token: TicketToken }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      status: z.literal("account-secured"),
      change: z.enum([
        "factor-bound",
        "factor-removed",
        "backup-codes-generated",
        "device-registered",
        "device-revoked",
      ]),
      takenBack: z.boolean(),
      /** Why the change stays, where it does; the account is secured all the same. */
      reason: z.optional(z.enum(["changed-since", "not-restorable", "too-many-factors"])),
    }),
  },
  problems: ["invalid-ticket", "keys-not-ready", "contention"],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
  reservedConcurrency: 20,
} as const satisfies Route;

export const passwordRoutes: readonly Route[] = [
  changePasswordRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  notMeRoute,
];
