import * as z from "zod/mini";
import type { Route } from "../http/route.ts";

const Time = z.iso.datetime();
const CheckOutcome = z.enum(["pass", "fail", "unknown", "not-checkable-from-here"]);

export const validateEncryptionComplianceRoute = {
  operationId: "validateEncryptionCompliance",
  domain: "encryption",
  summary:
    "Evidence on how the manufacturer's data is encrypted, and what cannot be seen from here",
  method: "GET",
  path: "/v1/encryption/compliance",
  access: "encryption:read",
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      checkedAt: Time,
      fips: z.looseObject({
        state: z.enum([
          "off",
          "flag-only-broken",
          "provider-active-unverified",
          "provider-matches-declared-certificate",
        ]),
        caveats: z.array(z.string()),
      }),
      checks: z.array(
        z.object({
          id: z.string(),
          result: CheckOutcome,
          evidence: z.record(z.string(), z.unknown()),
          source: z.string(),
          checkedAt: Time,
        }),
      ),
      gdpr: z.array(
        z.object({
          article: z.string(),
          measure: z.string(),
          result: CheckOutcome,
          checks: z.array(z.string()),
        }),
      ),
    }),
  },
  problems: [],
  uses: [
    "keys:GetItem",
    "keys:Query",
    "keys:DescribeTable",
    "keys:DescribeContinuousBackups",
    "backups:ListBackups",
    "identity:Query",
    "identity:DescribeTable",
    "usage:DescribeTable",
    "audit:DescribeTable",
    "manufacturer-key:Decrypt",
    "manufacturer-key:DescribeKey",
    "manufacturer-key:GetKeyRotationStatus",
    "manufacturer-key:GetKeyPolicy",
    "manufacturer-key:ListGrants",
  ],
  settings: ["FIPS", "TABLES_KEY_ARN"],
  latencyBudgetMs: 3000,
} as const satisfies Route;
