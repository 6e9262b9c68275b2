import * as z from "zod/mini";
import { assuranceLevels } from "../access/policy.ts";
import { EmailAddress, Password } from "../accounts/fields.ts";
import type { Route, Task } from "../http/route.ts";
import { secondFactorMethods } from "../mfa/second-factors.ts";
import { memberSessionRoutes } from "./member-session-api.ts";
import { SessionItem } from "./session-view.ts";

export const TokensResponse = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresInSeconds: z.int(),
  acr: z.enum(assuranceLevels),
  amr: z.array(z.string()),
});

/** What issuing tokens takes: the signing key and the refresh key. */
export const tokenGrants = ["keys:Query", "platform-key:Decrypt"] as const;

const KnownDeviceToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

const SignInAnswer = z.union([
  z.extend(TokensResponse, { knownDevice: z.string() }),
  z.object({
    mfaRequired: z.literal(true),
    mfaToken: z.string(),
    methods: z.array(z.enum(secondFactorMethods)),
  }),
]);

/** What signing in with a password takes. */
const signInGrants = [
  ...tokenGrants,
  "identity:GetItem",
  "identity:PutItem",
  "identity:UpdateItem",
  "identity:ConditionCheckItem",
  "audit:PutItem",
] as const;

export const signInRoute = {
  operationId: "signIn",
  domain: "auth",
  summary:
    "Sign in with e-mail address and password; who holds a `knownDevice` uses the operation for known devices first",
  method: "POST",
  path: "/v1/auth/sign-in",
  access: "public",
  sourceBudget: "passwords",
  body: z.strictObject({
    email: EmailAddress,
    password: Password,
    knownDevice: z.optional(KnownDeviceToken),
  }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: SignInAnswer },
  problems: ["invalid-credentials", "too-many-attempts", "keys-not-ready", "contention"],
  uses: signInGrants,
  settings: ["ISSUER", "FIPS"],
  latencyBudgetMs: 500,
  memoryMb: 1024,
  reservedConcurrency: 50,
} as const satisfies Route;

export const signInKnownDeviceRoute = {
  operationId: "signInKnownDevice",
  domain: "auth",
  summary:
    "Sign in from a device that has signed in before, apart from everybody who has not; after `unknown-device` sign in without it",
  method: "POST",
  path: "/v1/auth/sign-in/known-device",
  access: "public",
  body: z.strictObject({
    email: EmailAddress,
    password: Password,
    knownDevice: KnownDeviceToken,
  }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: SignInAnswer },
  problems: [
    "unknown-device",
    "invalid-credentials",
    "too-many-attempts",
    "keys-not-ready",
    "contention",
  ],
  uses: signInGrants,
  settings: ["ISSUER", "FIPS"],
  latencyBudgetMs: 500,
  memoryMb: 1024,
  reservedConcurrency: 50,
} as const satisfies Route;

export const refreshRoute = {
  operationId: "refresh",
  domain: "auth",
  summary: "Exchange a refresh token for new tokens; each refresh token is good for one exchange",
  method: "POST",
  path: "/v1/auth/refresh",
  access: "public",
  body: z.strictObject({ refreshToken: z.string().check(z.minLength(1), z.maxLength(2048)) }),
  bodyBytesMax: 4096,
  success: { status: 200, schema: TokensResponse },
  problems: ["invalid-refresh-token", "keys-not-ready", "contention"],
  uses: [...tokenGrants, "identity:UpdateItem", "identity:ConditionCheckItem", "audit:PutItem"],
  settings: ["ISSUER"],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const signOutRoute = {
  operationId: "signOut",
  domain: "auth",
  summary: "End the session of the access token",
  method: "POST",
  path: "/v1/auth/sign-out",
  access: "session",
  success: { status: 204 },
  problems: ["contention"],
  uses: ["identity:UpdateItem", "audit:PutItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const listSessionsRoute = {
  operationId: "listSessions",
  domain: "auth",
  summary: "The caller's sessions that are alive",
  method: "GET",
  path: "/v1/auth/sessions",
  access: "session",
  success: {
    status: 200,
    schema: z.object({ items: z.array(SessionItem) }),
  },
  problems: [],
  uses: ["identity:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const endSessionRoute = {
  operationId: "endSession",
  domain: "auth",
  summary: "End one of the caller's sessions",
  method: "DELETE",
  path: "/v1/auth/sessions/{sessionId}",
  access: "session",
  params: z.object({ sessionId: z.string().check(z.regex(/^ses_[A-Za-z0-9_-]{22}$/)) }),
  success: { status: 204 },
  problems: ["not-found", "contention"],
  uses: ["identity:UpdateItem", "audit:PutItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const endOtherSessionsRoute = {
  operationId: "endOtherSessions",
  domain: "auth",
  summary: "End every session of the caller but this one",
  method: "DELETE",
  path: "/v1/auth/sessions",
  access: "session",
  success: { status: 204 },
  problems: ["contention"],
  uses: ["identity:Query", "identity:UpdateItem", "audit:PutItem"],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const validateTokenRoute = {
  operationId: "validateToken",
  domain: "auth",
  summary: "Whether an access token is valid now: signature, claims and the member's access item",
  method: "POST",
  path: "/v1/auth/tokens/validate",
  access: "public",
  body: z.strictObject({ token: z.string().check(z.minLength(1), z.maxLength(8192)) }),
  bodyBytesMax: 10_240,
  success: {
    status: 200,
    schema: z.object({
      valid: z.boolean(),
      claims: z.optional(
        z.object({
          memberId: z.string(),
          manufacturerId: z.string(),
          sessionId: z.string(),
          roles: z.array(z.string()),
          acr: z.enum(assuranceLevels),
          amr: z.array(z.string()),
          authTime: z.iso.datetime(),
          expiresAt: z.iso.datetime(),
        }),
      ),
      reason: z.optional(z.string()),
    }),
  },
  problems: [],
  uses: ["keys:Query", "identity:BatchGetItem"],
  settings: ["ISSUER"],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const authorizeRequestTask = {
  operationId: "authorizeRequest",
  domain: "auth",
  summary: "Lambda authorizer that other teams put in front of their own HTTP APIs",
  triggers: [{ kind: "authorizer" }],
  uses: [],
  latencyBudgetMs: 50,
} as const satisfies Task;

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

export const authRoutes: readonly Route[] = [
  signInRoute,
  signInKnownDeviceRoute,
  refreshRoute,
  signOutRoute,
  listSessionsRoute,
  endSessionRoute,
  endOtherSessionsRoute,
  ...memberSessionRoutes,
  validateTokenRoute,
];

export const authTasks: readonly Task[] = [rotatePlatformKeysTask, authorizeRequestTask];
