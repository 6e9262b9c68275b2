import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { DeviceId, DeviceProof, EndOtherSessions, Label } from "../mfa/wire.ts";

const DeviceParams = z.object({ deviceId: DeviceId });

/**
 * 32 bytes in base64url: a coordinate of P-256. 43 characters have two bits to spare, so that one key
 * could be spelt in 16 ways and have as many thumbprints: only the spelling that encoding gives is
 * taken (RFC 4648 section 3.5).
 */
const Coordinate = z.string().check(
  z.regex(/^[A-Za-z0-9_-]{43}$/),
  z.refine((text) => Buffer.from(text, "base64url").toString("base64url") === text, {
    params: { code: "not-canonical" },
  }),
);

/** A public P-256 key (RFC 7518 section 6.2); a private part is refused, so that none is ever sent twice. */
export const PublicKeyJwk = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: Coordinate,
  y: Coordinate,
});

const DeviceView = z.object({
  deviceId: z.string(),
  label: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.optional(z.iso.datetime()),
});

export const createDeviceChallengeRoute = {
  operationId: "createDeviceChallenge",
  domain: "devices",
  summary: "A nonce for a device to sign, good once and for five minutes",
  method: "POST",
  path: "/v1/devices/challenge",
  access: "member",
  success: { status: 200, schema: z.object({ nonce: z.string(), expiresAt: z.iso.datetime() }) },
  problems: ["keys-not-ready"],
  uses: ["keys:Query", "platform-key:Decrypt"],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const registerTrustedDeviceRoute = {
  operationId: "registerTrustedDevice",
  domain: "devices",
  summary: "Bind a device's key as a second factor; the proof shows that the device holds it",
  method: "POST",
  path: "/v1/devices",
  access: "factors:write",
  screens: { mode: "block", ignore: ["/publicKeyJwk", "/proof"] },
  body: z.strictObject({
    publicKeyJwk: PublicKeyJwk,
    label: Label,
    proof: DeviceProof,
    endOtherSessions: z.optional(z.boolean()),
  }),
  bodyBytesMax: 4096,
  success: { status: 201, schema: DeviceView },
  problems: [
    "invalid-device-proof",
    "second-factor-needed",
    "too-many-factors",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const listDevicesRoute = {
  operationId: "listDevices",
  domain: "devices",
  summary: "The caller's trusted devices",
  method: "GET",
  path: "/v1/devices",
  access: "session",
  success: { status: 200, schema: z.object({ items: z.array(DeviceView) }) },
  problems: [],
  uses: ["identity:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const renameDeviceRoute = {
  operationId: "renameDevice",
  domain: "devices",
  summary: "Call a trusted device by another name",
  method: "PATCH",
  path: "/v1/devices/{deviceId}",
  access: "member",
  params: DeviceParams,
  screens: { mode: "block" },
  body: z.strictObject({ label: Label }),
  bodyBytesMax: 1024,
  success: { status: 200, schema: DeviceView },
  problems: ["not-found", "contention"],
  uses: ["identity:GetItem", "identity:UpdateItem", "identity:ConditionCheckItem", "audit:PutItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const revokeDeviceRoute = {
  operationId: "revokeDevice",
  domain: "devices",
  summary:
    "Trust a device no more and end the sessions it made; it takes no second factor, for a lost device must go at once",
  method: "DELETE",
  path: "/v1/devices/{deviceId}",
  access: "member",
  params: DeviceParams,
  query: EndOtherSessions,
  success: { status: 204 },
  problems: ["not-found", "keys-not-ready", "contention"],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const verifyDeviceRoute = {
  operationId: "verifyDevice",
  domain: "devices",
  summary: "Whether a proof shows that a trusted device takes part now",
  method: "POST",
  path: "/v1/devices/{deviceId}/verify",
  access: "member",
  params: DeviceParams,
  body: z.strictObject({ proof: DeviceProof }),
  bodyBytesMax: 4096,
  success: {
    status: 200,
    schema: z.object({
      trusted: z.boolean(),
      reason: z.optional(z.enum(["unknown-device", "invalid-proof", "replayed"])),
    }),
  },
  problems: ["keys-not-ready", "contention"],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const deviceRoutes: readonly Route[] = [
  createDeviceChallengeRoute,
  registerTrustedDeviceRoute,
  listDevicesRoute,
  renameDeviceRoute,
  revokeDeviceRoute,
  verifyDeviceRoute,
];
