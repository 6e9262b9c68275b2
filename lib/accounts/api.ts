import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { Country, EmailAddress, Name, Password, TicketToken } from "./fields.ts";

/** E.164. */
const Phone = z.string().check(z.regex(/^\+[1-9]\d{6,14}$/));

const Contact = z.strictObject({ email: EmailAddress, phone: Phone });

export const CreateManufacturerRequest = z.strictObject({
  legalName: Name,
  country: Country,
  licenseNumber: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  taxId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  contact: Contact,
  owner: z.strictObject({ name: Name, email: EmailAddress, password: Password }),
});

export const createManufacturerRoute = {
  operationId: "createManufacturer",
  domain: "accounts",
  summary: "Sign a manufacturer up; its owner is sent a link that verifies the e-mail address",
  method: "POST",
  path: "/v1/manufacturers",
  access: "public",
  sourceBudget: "passwords",
  // A password is nobody's business but the hash's.
  screens: { mode: "block", ignore: ["/owner/password"] },
  body: CreateManufacturerRequest,
  bodyBytesMax: 16_384,
  success: { status: 202, schema: z.object({ status: z.literal("verification-sent") }) },
  problems: [
    "password-too-short",
    "password-too-long",
    "password-blocked",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 500,
  memoryMb: 1024,
  reservedConcurrency: 20,
} as const satisfies Route;

export const verifyEmailRoute = {
  operationId: "verifyEmail",
  domain: "accounts",
  summary:
    "Follow the link of a sign-up, with the password chosen there: makes the manufacturer and its owner",
  method: "POST",
  path: "/v1/auth/email/verify",
  access: "public",
  sourceBudget: "passwords",
  body: z.strictObject({ token: TicketToken, password: Password }),
  bodyBytesMax: 8192,
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      memberId: z.string(),
      tier: z.literal("free"),
    }),
  },
  problems: [
    "invalid-ticket",
    "invalid-credentials",
    "email-taken",
    "keys-not-ready",
    "contention",
    "kms-denied",
    "kms-throttled",
    "kms-unavailable",
  ],
  uses: [
    "keys:Query",
    "keys:GetItem",
    "keys:PutItem",
    "platform-key:Decrypt",
    "manufacturer-key:GenerateDataKeyWithoutPlaintext",
    "manufacturer-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "usage:PutItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 700,
  memoryMb: 1024,
  reservedConcurrency: 20,
} as const satisfies Route;

/** The sensitive part of a profile is sealed under the manufacturer's key. */
const openedProfileProblems = [
  "erasure-pending",
  "kms-denied",
  "kms-throttled",
  "kms-unavailable",
] as const;

export const readManufacturerRoute = {
  operationId: "readManufacturer",
  domain: "accounts",
  summary: "The caller's manufacturer",
  method: "GET",
  path: "/v1/manufacturers/me",
  access: "manufacturer:read",
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      legalName: z.string(),
      country: z.string(),
      licenseNumber: z.optional(z.string()),
      taxId: z.optional(z.string()),
      contact: z.object({ email: z.string(), phone: z.string() }),
      createdAt: z.iso.datetime(),
    }),
  },
  problems: ["not-found", ...openedProfileProblems],
  uses: ["keys:GetItem", "manufacturer-key:Decrypt", "identity:GetItem"],
  settings: ["FIPS"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const exportManufacturerRoute = {
  operationId: "exportManufacturer",
  domain: "accounts",
  summary:
    "Everything held about the caller's manufacturer and its members (GDPR articles 15 and 20)",
  method: "GET",
  path: "/v1/manufacturers/me/export",
  access: "manufacturer:export",
  success: {
    status: 200,
    schema: z.object({
      exportedAt: z.iso.datetime(),
      profile: z.looseObject({ manufacturerId: z.string() }),
      members: z.array(z.looseObject({ memberId: z.string() })),
      plan: z.optional(z.looseObject({ tier: z.string() })),
    }),
  },
  problems: ["not-found", "contention", ...openedProfileProblems],
  uses: [
    "keys:GetItem",
    "manufacturer-key:Decrypt",
    "identity:GetItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
    "identity:Query",
    "usage:GetItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 500,
} as const satisfies Route;

export const accountRoutes: readonly Route[] = [
  createManufacturerRoute,
  verifyEmailRoute,
  readManufacturerRoute,
  exportManufacturerRoute,
];
