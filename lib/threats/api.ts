import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { riskLevels } from "./assess-risk.ts";
import { THREAT_TYPES } from "./threat-type.ts";

const Type = z.enum(THREAT_TYPES);

/** An RFC 6901 pointer into `data`. */
const Pointer = z.string().check(z.maxLength(1024), z.regex(/^(\/([^~/]|~[01])*)*$/));
const Pointers = z.array(Pointer).check(z.maxLength(100));

export const detectThreatRoute = {
  operationId: "detectThreat",
  domain: "threats",
  summary: "Whether data holds an attack: of which kind, how surely, where and why",
  method: "POST",
  path: "/v1/threats/detect",
  access: "threats:detect",
  meters: { resource: "api_calls", refuses: true },
  body: z.strictObject({
    type: z.optional(Type),
    data: z.unknown().check(z.refine((value) => value !== undefined)),
    htmlAllowed: z.optional(Pointers),
    ignore: z.optional(Pointers),
  }),
  success: {
    status: 200,
    schema: z.object({
      threat: z.boolean(),
      confidence: z.number(),
      threshold: z.number(),
      riskScore: z.number(),
      riskLevel: z.enum(riskLevels),
      findings: z.array(
        z.object({
          type: Type,
          confidence: z.number(),
          pointer: z.string(),
          place: z.enum(["value", "key"]),
          start: z.int(),
          end: z.int(),
          reasons: z.array(z.string()),
        }),
      ),
    }),
  },
  problems: [],
  uses: ["audit:PutItem"],
  latencyBudgetMs: 10,
} as const satisfies Route;

export const threatRoutes: readonly Route[] = [detectThreatRoute];
