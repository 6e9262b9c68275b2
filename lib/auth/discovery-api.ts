import * as z from "zod/mini";
import type { Route } from "../http/route.ts";

export const publishKeysRoute = {
  operationId: "publishKeys",
  domain: "auth",
  summary: "Public keys that verify access tokens (JWKS, RFC 7517)",
  method: "GET",
  path: "/.well-known/jwks.json",
  access: "public",
  success: { status: 200, schema: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }) },
  problems: [],
  uses: ["keys:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const describeIssuerRoute = {
  operationId: "describeIssuer",
  domain: "auth",
  summary: "Issuer metadata (OpenID Connect Discovery 1.0, RFC 8414)",
  method: "GET",
  path: "/.well-known/openid-configuration",
  access: "public",
  success: {
    status: 200,
    schema: z.object({
      issuer: z.string(),
      jwks_uri: z.string(),
      token_endpoint: z.string(),
      response_types_supported: z.array(z.string()),
      subject_types_supported: z.array(z.string()),
      id_token_signing_alg_values_supported: z.array(z.string()),
      acr_values_supported: z.array(z.string()),
      claims_supported: z.array(z.string()),
    }),
  },
  problems: [],
  uses: [],
  settings: ["ISSUER"],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const discoveryRoutes: readonly Route[] = [publishKeysRoute, describeIssuerRoute];
