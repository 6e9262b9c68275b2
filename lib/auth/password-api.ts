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

export const passwordRoutes: readonly Route[] = [
  changePasswordRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
];
