import * as z from "zod/mini";
import type { Route } from "../http/route.ts";

export const readContractRoute = {
  operationId: "readContract",
  domain: "platform",
  summary: "This API's contract (OpenAPI 3.1)",
  method: "GET",
  path: "/openapi.json",
  access: "public",
  success: { status: 200, schema: z.looseObject({ openapi: z.string() }) },
  problems: [],
  uses: [],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const platformRoutes: readonly Route[] = [readContractRoute];
