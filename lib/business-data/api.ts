import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { riskLevels } from "./assess-risk.ts";
import { profileFields } from "./profile-fields.ts";
import type { BusinessData } from "./validate-business-data.ts";

/**
 * Any JSON object: a check answers what is wrong with a field, so neither a wrong type nor a missing
 * field is refused here, and a key that a schema would drop still reaches the threat screen.
 */
export const BusinessDataSubmission = z
  .custom<BusinessData>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  )
  .register(z.globalRegistry, {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(profileFields).map(([name, { description, example }]) => [
        name,
        { description, examples: [example] },
      ]),
    ),
    additionalProperties: true,
  });

const FieldVerdict = z.object({
  valid: z.boolean(),
  evidence: z.enum(["check-digit", "format", "none"]),
  code: z.optional(z.string()),
  normalized: z.optional(z.string()),
  scheme: z.optional(z.string()),
  expected: z.optional(z.array(z.string())),
});

export const validateBusinessDataRoute = {
  operationId: "validateBusinessData",
  domain: "business-data",
  summary: "Check a manufacturer's profile field by field, across fields, and for attacks",
  method: "POST",
  path: "/v1/business-data/validate",
  access: "business-data:validate",
  meters: { resource: "api_calls", refuses: true },
  body: BusinessDataSubmission,
  bodyBytesMax: 65_536,
  success: {
    status: 200,
    schema: z.object({
      valid: z.boolean(),
      fields: z.record(z.string(), FieldVerdict),
      inconsistencies: z.array(z.object({ code: z.string(), fields: z.array(z.string()) })),
      threats: z.array(
        z.object({
          type: z.string(),
          confidence: z.number(),
          pointer: z.string(),
          place: z.enum(["value", "key"]),
          start: z.int(),
          end: z.int(),
          reasons: z.array(z.string()),
        }),
      ),
      securityScore: z.int(),
      riskLevel: z.enum(riskLevels),
    }),
  },
  problems: [],
  uses: ["audit:PutItem"],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const businessDataRoutes: readonly Route[] = [validateBusinessDataRoute];
