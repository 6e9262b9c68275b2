import * as z from "zod/mini";
import type { Route } from "../http/route.ts";

const ManufacturerParams = z.object({
  id: z.string().check(z.regex(/^mfr_[A-Za-z0-9_-]{22}$/)),
});

export const requestErasureRoute = {
  operationId: "requestErasure",
  domain: "operator",
  summary: "Block a manufacturer now and erase it in seven days",
  method: "POST",
  path: "/v1/operator/manufacturers/{id}/erase",
  access: "manufacturers:erase",
  params: ManufacturerParams,
  body: z.strictObject({ confirm: z.string().check(z.maxLength(200)) }),
  bodyBytesMax: 2048,
  success: {
    status: 202,
    schema: z.object({
      manufacturerId: z.string(),
      status: z.literal("erasure-pending"),
      /** From here on no environment seals or opens anything of the manufacturer's. */
      keysBlockedAt: z.iso.datetime(),
      eraseAfter: z.iso.datetime(),
    }),
  },
  problems: ["not-found", "confirmation-mismatch", "key-destroyed", "contention"],
  uses: [
    "identity:GetItem",
    "identity:ConditionCheckItem",
    "keys:GetItem",
    "keys:UpdateItem",
    "keys:PutItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const withdrawErasureRoute = {
  operationId: "withdrawErasure",
  domain: "operator",
  summary: "Call an erasure off, within its seven days",
  method: "DELETE",
  path: "/v1/operator/manufacturers/{id}/erase",
  access: "manufacturers:erase",
  params: ManufacturerParams,
  success: { status: 204 },
  problems: ["not-found", "erasure-not-pending", "key-destroyed", "contention"],
  uses: [
    "identity:ConditionCheckItem",
    "keys:GetItem",
    "keys:UpdateItem",
    "keys:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const erasureRoutes: readonly Route[] = [requestErasureRoute, withdrawErasureRoute];
