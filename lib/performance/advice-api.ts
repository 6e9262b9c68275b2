import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { recommendationKinds } from "./recommendation.ts";
import { Evidence, Time } from "./schemas.ts";

const Gain = z.object({
  /** What gets better, with its unit last. */
  measure: z.string(),
  low: z.number(),
  high: z.number(),
});

const Recommendation = z.object({
  operation: z.string(),
  kind: z.enum(recommendationKinds),
  advice: z.string(),
  evidence: Evidence,
  expectedGain: Gain,
});

export const readPerformanceRecommendationsRoute = {
  operationId: "readPerformanceRecommendations",
  domain: "performance",
  summary: "What to change and why: memory, concurrency, architecture, bundle size",
  method: "GET",
  path: "/v1/performance/recommendations",
  access: "performance:read",
  success: {
    status: 200,
    schema: z.object({ from: Time, to: Time, items: z.array(Recommendation) }),
  },
  problems: [],
  uses: ["metrics:Query"],
  latencyBudgetMs: 3000,
  memoryMb: 1024,
} as const satisfies Route;

export const optimizePerformanceRoute = {
  operationId: "optimizePerformance",
  domain: "performance",
  summary: "Set cache lifetimes to what the calls of the last day justify, or go back to before",
  method: "POST",
  path: "/v1/performance/optimize",
  access: "performance:write",
  body: z.strictObject({ revert: z.optional(z.boolean()) }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      applied: z.array(
        z.object({
          cache: z.string(),
          fromSeconds: z.number(),
          toSeconds: z.number(),
          evidence: Evidence,
          expectedGain: z.optional(Gain),
        }),
      ),
      /** What a person has to decide. */
      recommended: z.array(Recommendation),
    }),
  },
  problems: ["contention"],
  uses: ["metrics:Query", "metrics:PutItem", "audit:PutItem"],
  latencyBudgetMs: 3000,
  memoryMb: 1024,
} as const satisfies Route;
