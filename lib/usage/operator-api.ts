import * as z from "zod/mini";
import { PlainText } from "../http/plain-text.ts";
import type { Route } from "../http/route.ts";
import { PeriodName, ResourceName, TierName } from "./api.ts";

const ManufacturerParams = z.object({
  id: z.string().check(z.regex(/^mfr_[A-Za-z0-9_-]{22}$/)),
});

const limitMax = 1_000_000_000;
const Limit = z.int().check(z.gte(-1), z.lte(limitMax));

/** What changing a plan with its live counters takes. */
const planGrants = [
  "usage:GetItem",
  "usage:UpdateItem",
  "usage:PutItem",
  "identity:ConditionCheckItem",
  "audit:PutItem",
] as const;

export const changeTierRoute = {
  operationId: "changeTier",
  domain: "operator",
  summary: "Change a manufacturer's tier, exact at once for every counter",
  method: "PUT",
  path: "/v1/operator/manufacturers/{id}/tier",
  access: "plans:write",
  params: ManufacturerParams,
  body: z.strictObject({ tier: TierName }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({ manufacturerId: z.string(), tier: TierName, version: z.int() }),
  },
  problems: ["not-found", "contention"],
  uses: planGrants,
  latencyBudgetMs: 150,
} as const satisfies Route;

export const overrideLimitRoute = {
  operationId: "overrideLimit",
  domain: "operator",
  summary:
    "Give a manufacturer another limit for one resource than its tier's, for a stated reason",
  method: "PUT",
  path: "/v1/operator/manufacturers/{id}/limits",
  access: "plans:write",
  params: ManufacturerParams,
  // Staff may quote what they have seen; they are not kept from writing the reason down.
  screens: { mode: "flag" },
  body: z.strictObject({
    resource: ResourceName,
    /** -1 for no limit; null takes the tier's limit again. */
    limit: z.nullable(Limit),
    overageMax: z.optional(z.int().check(z.gte(0), z.lte(limitMax))),
    reason: PlainText.check(z.maxLength(500)),
    expiresAt: z.optional(z.iso.datetime()),
  }),
  bodyBytesMax: 4096,
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      tier: TierName,
      version: z.int(),
      resource: ResourceName,
      limit: z.int(),
      overageMax: z.int(),
      expiresAt: z.optional(z.iso.datetime()),
    }),
  },
  problems: ["not-found", "contention"],
  uses: planGrants,
  latencyBudgetMs: 150,
} as const satisfies Route;

export const closePeriodRoute = {
  operationId: "closePeriod",
  domain: "operator",
  summary: "Close a month that has ended; safe to repeat, goes on where an earlier run stopped",
  method: "POST",
  path: "/v1/operator/usage/close",
  access: "plans:write",
  body: z.strictObject({ period: PeriodName }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      period: PeriodName,
      closed: z.int(),
      alreadyClosed: z.int(),
      suggested: z.int(),
      complete: z.boolean(),
    }),
  },
  problems: ["period-open", "contention"],
  uses: [
    "usage:GetItem",
    "usage:BatchGetItem",
    "usage:Query",
    "usage:PutItem",
    "usage:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 25_000,
  timeoutSeconds: 29,
} as const satisfies Route;

export const usageOperatorRoutes: readonly Route[] = [
  changeTierRoute,
  overrideLimitRoute,
  closePeriodRoute,
];
