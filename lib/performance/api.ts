import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { optimizePerformanceRoute, readPerformanceRecommendationsRoute } from "./advice-api.ts";
import { alertKinds } from "./alert.ts";
import { overviewWindows } from "./overview-window.ts";
import { Evidence, Time } from "./schemas.ts";

const OperationKind = z.enum(["invocation", "inner"]);

/** A percentile with its 95 % interval; without `high` the sample bounds it from below only. */
const EstimateMs = z.object({ value: z.number(), low: z.number(), high: z.optional(z.number()) });

const OperationMetrics = z.object({
  operation: z.string(),
  kind: OperationKind,
  budgetMs: z.number(),
  calls: z.int(),
  errors: z.int(),
  errorPercent: z.number(),
  withinBudgetPercent: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: EstimateMs,
  /** Whether the p99 rests on 500 calls or more. */
  hasEnoughCalls: z.boolean(),
  /** Environments busy on average (Little's law). */
  concurrency: z.number(),
  coldStartPercent: z.number(),
  resources: z.optional(
    z.object({
      memoryHighWaterMb: z.number(),
      memoryLimitMb: z.optional(z.number()),
      cpuMsPerCall: z.number(),
      eventLoopBusyP99Ms: z.number(),
      initP50Ms: z.optional(z.number()),
    }),
  ),
  sinceDeployment: z.optional(
    z.object({
      version: z.string(),
      previousVersion: z.string(),
      /** Change of the typical latency, with its 95 % interval. */
      changePercent: z.number(),
      lowPercent: z.number(),
      highPercent: z.number(),
      isWorse: z.boolean(),
      p99Ms: EstimateMs,
      previousP99Ms: EstimateMs,
    }),
  ),
});

export const readPerformanceMetricsRoute = {
  operationId: "readPerformanceMetrics",
  domain: "performance",
  summary: "Calls, errors and latency of every operation, against its budget and its last version",
  method: "GET",
  path: "/v1/performance/metrics",
  access: "performance:read",
  query: z.strictObject({ window: z.optional(z.enum(overviewWindows)) }),
  success: {
    status: 200,
    schema: z.object({
      window: z.enum(overviewWindows),
      from: Time,
      to: Time,
      items: z.array(OperationMetrics),
    }),
  },
  problems: [],
  uses: ["metrics:Query"],
  latencyBudgetMs: 3000,
  memoryMb: 1024,
} as const satisfies Route;

const AlertItem = z.object({
  operation: z.string(),
  kind: z.enum(alertKinds),
  version: z.string(),
  raisedAt: Time,
  clearedAt: z.optional(Time),
  evidence: Evidence,
});

const Detector = z.object({
  isDegraded: z.boolean(),
  /** Log-likelihood ratio for a change of state, and where the state changes. */
  evidence: z.number(),
  changesAt: z.number(),
});

const Verdict = z.enum(["firing", "recovered", "undecided"]);

export const readPerformanceThresholdsRoute = {
  operationId: "readPerformanceThresholds",
  domain: "performance",
  summary: "How every operation stood against its thresholds at the last check, and the alerts",
  method: "GET",
  path: "/v1/performance/thresholds",
  access: "performance:read",
  success: {
    status: 200,
    schema: z.object({
      objectivePercent: z.number(),
      items: z.array(
        z.object({
          operation: z.string(),
          kind: OperationKind,
          budgetMs: z.number(),
          version: z.string(),
          checkedAt: Time,
          callsLastHour: z.int(),
          hasEnoughCalls: z.boolean(),
          p99Ms: z.optional(EstimateMs),
          burnRates: z.object({
            fiveMinutes: z.number(),
            halfHour: z.number(),
            hour: z.number(),
            sixHours: z.number(),
          }),
          verdicts: z.object({
            "budget-breach": Verdict,
            "burn-rate-fast": Verdict,
            "burn-rate-slow": Verdict,
          }),
          /** Absent until there is enough past to compare with. */
          detectors: z.optional(
            z.object({ mean: Detector, tail: Detector, baselineCalls: z.int() }),
          ),
        }),
      ),
      openAlerts: z.array(AlertItem),
      pastAlerts: z.array(AlertItem),
    }),
  },
  problems: [],
  uses: ["metrics:Query"],
  latencyBudgetMs: 500,
} as const satisfies Route;

const HistoryItem = z.object({
  at: Time,
  version: z.string(),
  calls: z.int(),
  errors: z.int(),
  coldStarts: z.int(),
  withinBudgetPercent: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: EstimateMs,
});

export const readPerformanceHistoryRoute = {
  operationId: "readPerformanceHistory",
  domain: "performance",
  summary: "An operation's latency by hour and version over at most 31 days, with its trend",
  method: "GET",
  path: "/v1/performance/history",
  access: "performance:read",
  query: z.strictObject({
    operation: z.string().check(z.minLength(1), z.maxLength(100)),
    /** The last day unless said. */
    from: z.optional(Time),
    to: z.optional(Time),
    format: z.optional(z.enum(["json", "csv"])),
  }),
  success: {
    status: 200,
    schema: z.object({
      operation: z.string(),
      from: Time,
      to: Time,
      items: z.array(HistoryItem),
      /** Of the hourly median (Theil and Sen), with its 95 % interval; absent below ten hours. */
      trend: z.optional(
        z.object({
          percentPerDay: z.number(),
          lowPercentPerDay: z.number(),
          highPercentPerDay: z.number(),
        }),
      ),
    }),
    contentTypes: ["application/json", "text/csv"],
  },
  problems: ["not-found"],
  uses: ["metrics:Query"],
  latencyBudgetMs: 1000,
} as const satisfies Route;

export const performanceRoutes: readonly Route[] = [
  readPerformanceMetricsRoute,
  readPerformanceThresholdsRoute,
  readPerformanceHistoryRoute,
  readPerformanceRecommendationsRoute,
  optimizePerformanceRoute,
];
