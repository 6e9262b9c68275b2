import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { validateEncryptionComplianceRoute } from "./compliance-api.ts";
import { Envelope, RequestContext } from "./envelope.ts";
import { keyPurposes } from "./key-id.ts";
import { changeEncryptionSettingsRoute, readEncryptionSettingsRoute } from "./settings-api.ts";

/** The base64url of the largest plaintext and the rest of its envelope fit. */
const bodyBytesMax = 2 * 1024 * 1024;

const AlgorithmName = z.enum(["AES-256-GCM", "ChaCha20-Poly1305"]);
const contentKinds = ["data", "text", "bytes"] as const;

/** One way to say what to seal. `data` is checked here and sealed as it was written. */
const SealRequestBody = z
  .strictObject({
    data: z.optional(z.unknown()),
    text: z.optional(z.string()),
    bytes: z.optional(z.string()),
    algorithm: z.optional(AlgorithmName),
    context: z.optional(RequestContext),
  })
  .check(
    z.refine((body) => contentKinds.filter((kind) => kind in body).length === 1, {
      params: { code: "one-of-data-text-bytes" },
    }),
  )
  .register(z.globalRegistry, { oneOf: contentKinds.map((kind) => ({ required: [kind] })) });

const Purpose = z.enum(keyPurposes);
/** In text, as paths and queries are. */
const VersionText = z.string().check(z.regex(/^[1-9]\d{0,5}$/));
const Time = z.iso.datetime();

/** Read strictly by the rule, so that whatever is wrong with it is the same `envelope-malformed`. */
const AnyEnvelope = z.unknown();

const sealProblems = [
  "limit-exceeded",
  "algorithm-not-approved",
  "residency-violation",
  "key-version-unknown",
  "erasure-pending",
  "key-destroyed",
  "kms-denied",
  "kms-throttled",
  "kms-unavailable",
] as const;

const openProblems = [
  "envelope-malformed",
  "tenant-mismatch",
  "commitment-mismatch",
  "ciphertext-tampered",
  "key-version-retired",
  "key-revoked",
] as const;

const keyGrants = ["keys:GetItem", "manufacturer-key:Decrypt"] as const;

export const encryptManufacturerDataRoute = {
  operationId: "encryptManufacturerData",
  domain: "encryption",
  summary: "Seal JSON, text or bytes into an envelope that only the caller's manufacturer can open",
  method: "POST",
  path: "/v1/encryption/encrypt",
  access: "encryption:encrypt",
  meters: { resource: "api_calls", refuses: true },
  body: SealRequestBody,
  bodyBytesMax,
  success: { status: 200, schema: z.object({ envelope: Envelope }) },
  problems: sealProblems,
  uses: keyGrants,
  settings: ["FIPS"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const decryptManufacturerDataRoute = {
  operationId: "decryptManufacturerData",
  domain: "encryption",
  summary: "Open an envelope of the caller's manufacturer: what was sealed, as it was sent",
  method: "POST",
  path: "/v1/encryption/decrypt",
  access: "encryption:decrypt",
  meters: { resource: "api_calls", refuses: false },
  body: z.strictObject({ envelope: AnyEnvelope, context: z.optional(RequestContext) }),
  bodyBytesMax,
  success: {
    status: 200,
    schema: z.object({
      data: z.optional(z.unknown()),
      text: z.optional(z.string()),
      bytes: z.optional(z.string()),
    }),
  },
  problems: [...sealProblems, ...openProblems],
  uses: [...keyGrants, "audit:PutItem"],
  settings: ["FIPS"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const reEncryptManufacturerDataRoute = {
  operationId: "reEncryptManufacturerData",
  domain: "encryption",
  summary: "Move an envelope to the newest key; the data stays inside",
  method: "POST",
  path: "/v1/encryption/re-encrypt",
  access: "encryption:encrypt",
  meters: { resource: "api_calls", refuses: true },
  body: z.strictObject({
    envelope: AnyEnvelope,
    context: z.optional(RequestContext),
    algorithm: z.optional(AlgorithmName),
  }),
  bodyBytesMax,
  success: { status: 200, schema: z.object({ envelope: Envelope }) },
  problems: [...sealProblems, ...openProblems],
  uses: [...keyGrants, "audit:PutItem"],
  settings: ["FIPS"],
  latencyBudgetMs: 100,
} as const satisfies Route;

const KeyState = z.enum(["enabled", "retiring", "blocked", "revoking", "revoked", "destroyed"]);

const KeyVersionItem = z.object({
  keyId: z.string(),
  purpose: Purpose,
  version: z.int(),
  region: z.string(),
  state: KeyState,
  createdAt: Time,
  retiredAt: z.optional(Time),
  fenceUntil: z.optional(Time),
  revokedAt: z.optional(Time),
  /** From here on a version that is `revoking` is `revoked`. */
  effectiveAt: z.optional(Time),
  /** What was sealed with it between `retiredAt` and here opens even then. */
  lateSealsUntil: z.optional(Time),
  destroyAfter: z.optional(Time),
  destroyedAt: z.optional(Time),
});

export const listKeyVersionsRoute = {
  operationId: "listKeyVersions",
  domain: "encryption",
  summary: "The key versions of the caller's manufacturer and their states",
  method: "GET",
  path: "/v1/encryption/keys",
  access: "encryption:read",
  success: { status: 200, schema: z.object({ items: z.array(KeyVersionItem) }) },
  problems: [],
  uses: ["keys:Query"],
  latencyBudgetMs: 150,
} as const satisfies Route;

const changeProblems = [
  "too-many-rotations",
  "erasure-pending",
  "key-destroyed",
  "rotation-conflict",
  "contention",
  "kms-denied",
  "kms-throttled",
  "kms-unavailable",
] as const;

const changeGrants = [
  "keys:GetItem",
  "keys:PutItem",
  "keys:UpdateItem",
  "identity:ConditionCheckItem",
  "audit:PutItem",
  "manufacturer-key:GenerateDataKeyWithoutPlaintext",
] as const;

export const rotateEncryptionKeyRoute = {
  operationId: "rotateEncryptionKey",
  domain: "encryption",
  summary: "Make a new key version the one that seals; older ones still open",
  method: "POST",
  path: "/v1/encryption/keys/rotate",
  access: "encryption:rotate",
  /** `version`: rotate only while this one is the newest, so that a repeated request rotates once. */
  query: z.strictObject({ purpose: z.optional(Purpose), version: z.optional(VersionText) }),
  success: { status: 200, schema: KeyVersionItem },
  problems: changeProblems,
  uses: changeGrants,
  latencyBudgetMs: 500,
} as const satisfies Route;

/** Long enough to re-encrypt a large store, short enough to be a withdrawal. */
const graceSecondsMax = 90 * 24 * 60 * 60;

export const revokeKeyVersionRoute = {
  operationId: "revokeKeyVersion",
  domain: "encryption",
  summary: "Withdraw a key version: nothing seals with it any more, and soon nothing opens",
  method: "POST",
  path: "/v1/encryption/keys/{version}/revoke",
  access: "encryption:revoke",
  params: z.object({ version: VersionText }),
  query: z.strictObject({ purpose: z.optional(Purpose) }),
  body: z.strictObject({
    /** At once, for a key that is in the wrong hands; the answer's `cost` says what is lost. */
    force: z.optional(z.boolean()),
    /** How long it goes on to open, so that what it sealed can be re-encrypted. */
    graceSeconds: z.optional(z.int().check(z.minimum(30), z.maximum(graceSecondsMax))),
  }),
  bodyBytesMax: 1024,
  isBodyOptional: true,
  success: {
    status: 200,
    schema: z.object({
      keyId: z.string(),
      state: z.enum(["revoking", "revoked"]),
      revokedAt: Time,
      effectiveAt: Time,
      lateSealsUntil: z.optional(Time),
      cost: z.optional(z.string()),
    }),
  },
  problems: ["key-version-unknown", "key-version-in-use", ...changeProblems],
  uses: changeGrants,
  latencyBudgetMs: 500,
} as const satisfies Route;

export const encryptionRoutes: readonly Route[] = [
  encryptManufacturerDataRoute,
  decryptManufacturerDataRoute,
  reEncryptManufacturerDataRoute,
  listKeyVersionsRoute,
  rotateEncryptionKeyRoute,
  revokeKeyVersionRoute,
  readEncryptionSettingsRoute,
  changeEncryptionSettingsRoute,
  validateEncryptionComplianceRoute,
];
