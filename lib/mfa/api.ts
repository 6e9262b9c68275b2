import * as z from "zod/mini";
import { roles } from "../access/policy.ts";
import { Password } from "../accounts/fields.ts";
import { TokensResponse, tokenGrants } from "../auth/api.ts";
import type { Route } from "../http/route.ts";
import { EndOtherSessions, FactorId, Label, TotpCode } from "./wire.ts";

const FactorParams = z.object({ factorId: FactorId });

export const setupMfaRoute = {
  operationId: "setupMfa",
  domain: "mfa",
  summary:
    "Set an authenticator app up; the first takes the password, and it counts once a code of it was confirmed",
  method: "POST",
  path: "/v1/mfa/totp",
  access: "factors:enrol",
  screens: { mode: "block", ignore: ["/password"] },
  /** `password` is the current one, demanded while no factor is bound. */
  body: z.strictObject({
    label: z.optional(Label),
    replacesFactorId: z.optional(FactorId),
    password: z.optional(Password),
  }),
  bodyBytesMax: 4096,
  success: {
    status: 201,
    schema: z.object({
      factorId: z.string(),
      secret: z.string(),
      otpauthUri: z.string(),
      qrCodeSvg: z.string(),
    }),
  },
  problems: [
    "password-needed",
    "invalid-credentials",
    "too-many-attempts",
    "too-many-factors",
    "too-many-set-ups",
    "not-found",
    "erasure-pending",
    "contention",
    "kms-unavailable",
    "keys-not-ready",
  ],
  uses: [
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
    "keys:GetItem",
    "keys:PutItem",
    "manufacturer-key:Decrypt",
    "manufacturer-key:GenerateDataKeyWithoutPlaintext",
    "platform-key:Decrypt",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 800,
  memoryMb: 1024,
  reservedConcurrency: 20,
} as const satisfies Route;

export const confirmTotpRoute = {
  operationId: "confirmTotp",
  domain: "mfa",
  summary:
    "Bind an authenticator app by its first code; answers a session at aal2, and backup codes where there are none",
  method: "POST",
  path: "/v1/mfa/totp/{factorId}/confirm",
  access: "factors:enrol",
  params: FactorParams,
  body: z.strictObject({ code: TotpCode, endOtherSessions: z.optional(z.boolean()) }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.extend(TokensResponse, { backupCodes: z.array(z.string()) }),
  },
  problems: [
    "not-found",
    "invalid-code",
    "too-many-attempts",
    "factor-disabled",
    "erasure-pending",
    "too-many-factors",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    ...tokenGrants,
    "keys:GetItem",
    "manufacturer-key:Decrypt",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const stepUpRoute = {
  operationId: "stepUp",
  domain: "mfa",
  summary: "Prove a second factor inside a session: answers a new session at aal2 in its place",
  method: "POST",
  path: "/v1/mfa/verify",
  access: "session",
  body: z.strictObject({ code: TotpCode, factorId: z.optional(FactorId) }),
  bodyBytesMax: 1024,
  success: { status: 200, schema: TokensResponse },
  problems: [
    "invalid-code",
    "too-many-attempts",
    "factor-disabled",
    "erasure-pending",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    ...tokenGrants,
    "keys:GetItem",
    "manufacturer-key:Decrypt",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const listFactorsRoute = {
  operationId: "listFactors",
  domain: "mfa",
  summary: "The caller's authenticator apps",
  method: "GET",
  path: "/v1/mfa/factors",
  access: "session",
  success: {
    status: 200,
    schema: z.object({
      items: z.array(
        z.object({
          factorId: z.string(),
          kind: z.literal("totp"),
          label: z.string(),
          status: z.enum(["active", "disabled"]),
          createdAt: z.iso.datetime(),
          confirmedAt: z.optional(z.iso.datetime()),
        }),
      ),
    }),
  },
  problems: [],
  uses: ["identity:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const removeFactorRoute = {
  operationId: "removeFactor",
  domain: "mfa",
  summary:
    "Remove an authenticator app, or forget one that was not confirmed; with the last one its backup codes and devices go too",
  method: "DELETE",
  path: "/v1/mfa/factors/{factorId}",
  access: "factors:enrol",
  params: FactorParams,
  query: EndOtherSessions,
  success: { status: 204 },
  problems: ["not-found", "second-factor-needed", "keys-not-ready", "contention"],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const generateBackupCodesRoute = {
  operationId: "generateBackupCodes",
  domain: "mfa",
  summary: "Make ten new backup codes; every older one stops working at the same moment",
  method: "POST",
  path: "/v1/mfa/backup-codes",
  access: "factors:write",
  query: EndOtherSessions,
  success: { status: 200, schema: z.object({ backupCodes: z.array(z.string()) }) },
  problems: ["second-factor-needed", "keys-not-ready", "contention"],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const countBackupCodesRoute = {
  operationId: "countBackupCodes",
  domain: "mfa",
  summary: "How many backup codes are left",
  method: "GET",
  path: "/v1/mfa/backup-codes",
  access: "member",
  success: { status: 200, schema: z.object({ remaining: z.int() }) },
  problems: [],
  uses: [],
  latencyBudgetMs: 100,
} as const satisfies Route;

const MfaPolicy = z.strictObject({
  requiredFor: z.array(z.enum(roles)).check(z.maxLength(roles.length)),
});

export const readMfaPolicyRoute = {
  operationId: "readMfaPolicy",
  domain: "mfa",
  summary: "Which roles must have a second factor",
  method: "GET",
  path: "/v1/mfa/policy",
  access: "mfa-policy:read",
  success: { status: 200, schema: MfaPolicy },
  problems: [],
  uses: ["identity:GetItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const changeMfaPolicyRoute = {
  operationId: "changeMfaPolicy",
  domain: "mfa",
  summary: "Demand a second factor of roles: without one a member can do nothing but bind one",
  method: "PUT",
  path: "/v1/mfa/policy",
  access: "mfa-policy:write",
  body: MfaPolicy,
  bodyBytesMax: 1024,
  success: { status: 200, schema: MfaPolicy },
  problems: ["contention"],
  uses: ["identity:PutItem", "identity:ConditionCheckItem", "audit:PutItem"],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const previewMfaPolicyRoute = {
  operationId: "previewMfaPolicy",
  domain: "mfa",
  summary: "Who would have to bind a second factor before anything else",
  method: "POST",
  path: "/v1/mfa/policy/preview",
  access: "mfa-policy:read",
  body: MfaPolicy,
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      lockedOut: z.array(
        z.object({ memberId: z.string(), name: z.string(), roles: z.array(z.string()) }),
      ),
    }),
  },
  problems: [],
  uses: ["identity:Query"],
  latencyBudgetMs: 300,
} as const satisfies Route;

export const mfaRoutes: readonly Route[] = [
  setupMfaRoute,
  confirmTotpRoute,
  stepUpRoute,
  listFactorsRoute,
  removeFactorRoute,
  generateBackupCodesRoute,
  countBackupCodesRoute,
  readMfaPolicyRoute,
  changeMfaPolicyRoute,
  previewMfaPolicyRoute,
];
