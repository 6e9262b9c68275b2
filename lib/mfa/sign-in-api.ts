import * as z from "zod/mini";
import { TokensResponse, tokenGrants } from "../auth/api.ts";
import type { Route } from "../http/route.ts";
import { DeviceId, DeviceProof, FactorId, TotpCode } from "./wire.ts";

/** A compact JWE of ours, opaque to whoever carries it; what it is not is found when it is read. */
const MfaTokenText = z.string().check(z.regex(/^[\w-]+(\.[\w-]*){2,4}$/), z.maxLength(6144));

const SecondStepTokens = z.extend(TokensResponse, {
  /** Present where the device was not known yet. */
  knownDevice: z.optional(z.string()),
});

/** What turning an mfa token into a session takes. */
const finishGrants = [
  ...tokenGrants,
  "identity:PutItem",
  "identity:UpdateItem",
  "identity:ConditionCheckItem",
  "audit:PutItem",
] as const;

export const verifyMfaTokenRoute = {
  operationId: "verifyMfaToken",
  domain: "auth",
  summary: "Finish a sign-in with a code of an authenticator app",
  method: "POST",
  path: "/v1/auth/mfa/totp",
  access: "public",
  sourceBudget: "codes",
  body: z.strictObject({
    mfaToken: MfaTokenText,
    code: TotpCode,
    factorId: z.optional(FactorId),
  }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: SecondStepTokens },
  problems: [
    "invalid-mfa-token",
    "invalid-code",
    "too-many-attempts",
    "factor-disabled",
    "erasure-pending",
    "keys-not-ready",
    "contention",
  ],
  uses: [...finishGrants, "identity:GetItem", "keys:GetItem", "manufacturer-key:Decrypt"],
  settings: ["ISSUER"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const verifyBackupCodeRoute = {
  operationId: "verifyBackupCode",
  domain: "auth",
  summary: "Finish a sign-in with a backup code; each code is good for one session",
  method: "POST",
  path: "/v1/auth/mfa/backup-code",
  access: "public",
  sourceBudget: "codes",
  body: z.strictObject({
    mfaToken: MfaTokenText,
    code: z.string().check(z.minLength(1), z.maxLength(64)),
  }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: SecondStepTokens },
  problems: ["invalid-mfa-token", "invalid-code", "keys-not-ready", "contention"],
  uses: finishGrants,
  settings: ["ISSUER"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const signInWithDeviceRoute = {
  operationId: "signInWithDevice",
  domain: "auth",
  summary:
    "Finish a sign-in with the proof of a trusted device; its nonce is the mfa token's SHA-256 in base64url",
  method: "POST",
  path: "/v1/auth/mfa/device",
  access: "public",
  sourceBudget: "codes",
  body: z.strictObject({ mfaToken: MfaTokenText, deviceId: DeviceId, proof: DeviceProof }),
  bodyBytesMax: 8192,
  success: { status: 200, schema: SecondStepTokens },
  problems: ["invalid-mfa-token", "invalid-device-proof", "keys-not-ready", "contention"],
  uses: [...finishGrants, "identity:GetItem"],
  settings: ["ISSUER"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const secondStepRoutes: readonly Route[] = [
  verifyMfaTokenRoute,
  verifyBackupCodeRoute,
  signInWithDeviceRoute,
];
