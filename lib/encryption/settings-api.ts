import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { openingPolicies } from "./opening-trail.ts";
import { rotateEveryDaysMax, rotateEveryDaysMin } from "./settings.ts";

const RotateEveryDays = z.nullable(
  z.int().check(z.minimum(rotateEveryDaysMin), z.maximum(rotateEveryDaysMax)),
);

const Openings = z.enum(openingPolicies);

const EncryptionSettings = z.object({
  /** How old the newest key version of a series becomes; null: it never rotates by itself. */
  rotateEveryDays: RotateEveryDays,
  /** How openings of envelopes are put on record. */
  openings: Openings,
});

export const readEncryptionSettingsRoute = {
  operationId: "readEncryptionSettings",
  domain: "encryption",
  summary: "How the manufacturer's keys are looked after",
  method: "GET",
  path: "/v1/encryption/settings",
  access: "encryption:read",
  success: { status: 200, schema: EncryptionSettings },
  problems: ["key-version-unknown"],
  uses: ["keys:GetItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const changeEncryptionSettingsRoute = {
  operationId: "changeEncryptionSettings",
  domain: "encryption",
  summary: "Change how the manufacturer's keys are looked after; what is left out stays as it is",
  method: "PUT",
  path: "/v1/encryption/settings",
  access: "encryption:rotate",
  body: z.strictObject({
    rotateEveryDays: z.optional(RotateEveryDays),
    openings: z.optional(Openings),
  }),
  bodyBytesMax: 1024,
  success: { status: 200, schema: EncryptionSettings },
  problems: ["key-version-unknown", "erasure-pending", "key-destroyed", "contention"],
  uses: ["keys:GetItem", "keys:UpdateItem", "identity:ConditionCheckItem", "audit:PutItem"],
  latencyBudgetMs: 150,
} as const satisfies Route;
