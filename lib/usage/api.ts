import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { idempotencyKeyPattern } from "./idempotency.ts";
import { chargeGrants } from "./metering.ts";
import { resources, tiers } from "./tiers.ts";

export const ResourceName = z.enum(resources);
export const TierName = z.enum(tiers);
export const PeriodName = z.string().check(z.regex(/^20\d{2}-(0[1-9]|1[0-2])$/));

/** Any amount is an exact integer in the database and in JSON. */
const amountMax = 1_000_000;

const Standing = z.object({
  resource: ResourceName,
  tier: TierName,
  period: PeriodName,
  limit: z.int(),
  used: z.int(),
  remaining: z.int(),
  allowed: z.boolean(),
  overage: z.object({ used: z.int(), max: z.int() }),
  resetsAt: z.iso.datetime(),
});

const ResourceParams = z.object({ resource: ResourceName });

export const listUsageRoute = {
  operationId: "listUsage",
  domain: "usage",
  summary: "Limits and use of every resource in the current month",
  method: "GET",
  path: "/v1/usage",
  access: "usage:read",
  success: {
    status: 200,
    schema: z.object({ tier: TierName, period: PeriodName, items: z.array(Standing) }),
  },
  problems: ["not-found"],
  uses: ["usage:BatchGetItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const checkUsageLimitRoute = {
  operationId: "checkUsageLimit",
  domain: "usage",
  summary: "Limit and use of one resource in the current month, without charging anything",
  method: "GET",
  path: "/v1/usage/{resource}",
  access: "usage:read",
  params: ResourceParams,
  success: { status: 200, schema: Standing },
  problems: ["not-found"],
  uses: ["usage:GetItem"],
  latencyBudgetMs: 10,
} as const satisfies Route;

export const incrementUsageRoute = {
  operationId: "incrementUsage",
  domain: "usage",
  summary:
    "Charge a resource before a billable action: never beyond the limit, once per Idempotency-Key",
  method: "POST",
  path: "/v1/usage/{resource}/increments",
  access: "usage:write",
  params: ResourceParams,
  headers: z.object({
    "idempotency-key": z.optional(z.string().check(z.regex(idempotencyKeyPattern))),
  }),
  body: z.strictObject({
    amount: z.optional(z.int().check(z.gte(1), z.lte(amountMax))),
  }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.extend(Standing, { replayed: z.boolean(), dedupeWindowSeconds: z.int() }),
  },
  problems: [
    "quota-exceeded",
    "idempotency-key-required",
    "idempotency-key-reused",
    "not-found",
    "contention",
    "outcome-unknown",
  ],
  uses: chargeGrants,
  latencyBudgetMs: 10,
} as const satisfies Route;
