import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { PeriodName, ResourceName, TierName } from "./api.ts";
import { resources } from "./tiers.ts";

const ByResource = z.record(z.enum(resources), z.int());
const Day = z.iso.date();

const Month = z.object({ period: PeriodName, limit: z.int(), used: z.int(), refused: z.int() });

const Forecast = z.object({
  status: z.enum(["ready", "too-little-data"]),
  daysOfHistory: z.int(),
  expected: z.optional(z.int()),
  /** Ends of the 80 % interval. */
  low: z.optional(z.int()),
  high: z.optional(z.int()),
  probabilityOfExceeding: z.optional(z.number()),
  exhaustion: z.optional(
    z.object({
      expectedOn: z.optional(Day),
      earliestOn: z.optional(Day),
      latestOn: z.optional(Day),
    }),
  ),
});

const ResourceAnalytics = z.object({
  resource: ResourceName,
  limit: z.int(),
  used: z.int(),
  refused: z.int(),
  months: z.array(Month),
  days: z.array(z.object({ date: Day, units: z.int() })),
  trend: z.optional(
    z.object({
      lastFourWeeks: z.int(),
      fourWeeksBefore: z.int(),
      changePercent: z.optional(z.number()),
    }),
  ),
  forecast: Forecast,
});

const Advice = z.object({
  action: z.enum(["upgrade", "downgrade", "stay", "too-little-data"]),
  tier: TierName,
  reasons: z.array(z.object({ code: z.string(), resource: z.optional(ResourceName) })),
  monthsConsidered: z.int(),
  outcomes: z.array(
    z.object({
      tier: TierName,
      refused: ByResource,
      chanceOfExceeding: z.partialRecord(z.enum(resources), z.number()),
    }),
  ),
});

export const getUsageAnalyticsRoute = {
  operationId: "getUsageAnalytics",
  domain: "usage",
  summary:
    "Use by month and day, trend, forecast, when a limit will be reached, and which tier fits",
  method: "GET",
  path: "/v1/usage/analytics",
  access: "usage:read",
  success: {
    status: 200,
    schema: z.object({
      period: PeriodName,
      tier: TierName,
      items: z.array(ResourceAnalytics),
      advice: Advice,
    }),
  },
  problems: ["not-found"],
  uses: ["usage:GetItem", "usage:Query"],
  latencyBudgetMs: 500,
  memoryMb: 512,
} as const satisfies Route;

const Event = z.object({
  resource: ResourceName,
  idempotencyKey: z.string(),
  amount: z.int(),
  chargedAt: z.iso.datetime(),
  memberId: z.string(),
  requestId: z.string(),
  refundedAt: z.optional(z.iso.datetime()),
});

export const listUsageEventsRoute = {
  operationId: "listUsageEvents",
  domain: "usage",
  summary: "The ledger of a month: every charge with its key, by resource and key",
  method: "GET",
  path: "/v1/usage/events",
  access: "usage:read",
  query: z.strictObject({
    period: z.optional(PeriodName),
    cursor: z.optional(z.string().check(z.maxLength(512))),
  }),
  success: {
    status: 200,
    schema: z.object({ items: z.array(Event), nextCursor: z.optional(z.string()) }),
  },
  problems: [],
  uses: ["usage:Query"],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const readUsageReportRoute = {
  operationId: "readUsageReport",
  domain: "usage",
  summary: "The use of a month by resource and day, as JSON or CSV (RFC 4180)",
  method: "GET",
  path: "/v1/usage/report",
  access: "usage:read",
  query: z.strictObject({
    period: z.optional(PeriodName),
    format: z.optional(z.enum(["json", "csv"])),
  }),
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      period: PeriodName,
      tier: TierName,
      isClosed: z.boolean(),
      /** What the plan was in the course of the month: one entry, and another for each change. */
      plans: z.optional(
        z.array(
          z.object({
            from: z.iso.datetime(),
            until: z.iso.datetime(),
            tier: TierName,
            limits: z.array(
              z.object({ resource: ResourceName, limit: z.int(), overageMax: z.int() }),
            ),
          }),
        ),
      ),
      resources: z.array(
        z.object({
          resource: ResourceName,
          limit: z.int(),
          used: z.int(),
          overage: z.int(),
          refused: z.int(),
          days: z.array(z.object({ date: Day, units: z.int() })),
        }),
      ),
      /** Of a closed month: refunds since its close, which the figures above do not contain. */
      adjustments: z.optional(
        z.array(
          z.object({
            resource: ResourceName,
            units: z.int(),
            at: z.iso.datetime(),
            requestId: z.string(),
          }),
        ),
      ),
      suggestedTier: z.optional(TierName),
    }),
    contentTypes: ["application/json", "text/csv"],
  },
  problems: ["not-found"],
  uses: ["usage:BatchGetItem", "usage:Query"],
  latencyBudgetMs: 150,
} as const satisfies Route;
