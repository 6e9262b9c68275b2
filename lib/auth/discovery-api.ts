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

/** Only what exists: there is no authorization and no token endpoint yet, so no grant either. */
const IssuerMetadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  acr_values_supported: z.array(z.string()),
});

const description = {
  domain: "auth",
  method: "GET",
  access: "public",
  success: { status: 200, schema: IssuerMetadata },
  problems: [],
  uses: [],
  settings: ["ISSUER"],
  latencyBudgetMs: 50,
} as const;

export const describeAuthorizationServerRoute = {
  ...description,
  operationId: "describeAuthorizationServer",
  summary: "Authorization server metadata (RFC 8414)",
  path: "/.well-known/oauth-authorization-server",
} as const satisfies Route;

export const describeIssuerRoute = {
  ...description,
  operationId: "describeIssuer",
  summary:
    "The same metadata where verifiers of other makes look for it (RFC 8414 section 5); this is no OpenID provider",
  path: "/.well-known/openid-configuration",
} as const satisfies Route;

export const discoveryRoutes: readonly Route[] = [
  publishKeysRoute,
  describeAuthorizationServerRoute,
  describeIssuerRoute,
];
