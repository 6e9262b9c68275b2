import * as z from "zod/mini";
import { assuranceLevels } from "../access/policy.ts";
import { EmailAddress, Password } from "../accounts/api.ts";
import type { Route, Task } from "../http/route.ts";

export const TokensResponse = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresInSeconds: z.int(),
  acr: z.enum(assuranceLevels),
  amr: z.array(z.string()),
});

/** What issuing tokens takes: the signing key and the refresh key. */
export const tokenGrants = ["keys:Query", "keys:GetItem", "platform-key:Decrypt"] as const;

export const signInRoute = {
  operationId: "signIn",
  domain: "auth",
  summary: "Sign in with e-mail address and password",
  method: "POST",
  path: "/v1/auth/sign-in",
  access: "public",
  body: z.strictObject({
    email: EmailAddress,
    password: Password,
    knownDevice: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))),
  }),
  bodyBytesMax: 8192,
  success: {
    status: 200,
    schema: z.extend(TokensResponse, { knownDevice: z.string() }),
  },
  problems: ["invalid-credentials", "too-many-attempts", "keys-not-ready", "contention"],
  uses: [
    ...tokenGrants,
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
  settings: ["ISSUER", "FIPS"],
  latencyBudgetMs: 500,
  memoryMb: 1024,
  reservedConcurrency: 50,
} as const satisfies Route;

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

export const rotatePlatformKeysTask = {
  operationId: "rotatePlatformKeys",
  domain: "auth",
  summary: "Make, publish ahead and retire the platform's signing keys and secrets",
  triggers: [
    { kind: "deployment" },
    { kind: "schedule", expression: "rate(1 day)" },
    { kind: "invoke" },
  ],
  uses: [
    "keys:Query",
    "keys:GetItem",
    "keys:PutItem",
    "keys:UpdateItem",
    "keys:DeleteItem",
    "platform-key:GenerateDataKeyWithoutPlaintext",
    "platform-key:GenerateDataKeyPairWithoutPlaintext",
  ],
  latencyBudgetMs: 5000,
  timeoutSeconds: 30,
} as const satisfies Task;

export const authRoutes: readonly Route[] = [signInRoute, publishKeysRoute, describeIssuerRoute];
export const authTasks: readonly Task[] = [rotatePlatformKeysTask];
