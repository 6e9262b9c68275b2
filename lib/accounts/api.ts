import * as z from "zod/mini";
import type { Route } from "../http/route.ts";

const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(200));

/** A mailbox address; at most 254 characters (RFC 5321 section 4.5.3.1.3). */
export const EmailAddress = z.email().check(z.maxLength(254));

/** Bounded here so that hashing has a bound; the password rules proper are the operation's. */
export const Password = z.string().check(z.minLength(1), z.maxLength(1024));

/** The secret of an e-mailed link: 256 bits in base64url. */
export const TicketToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** ISO 3166-1 alpha-2. */
export const Country = z.string().check(z.regex(/^[A-Z]{2}$/));

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
  body: CreateManufacturerRequest,
  bodyBytesMax: 16_384,
  success: { status: 202, schema: z.object({ status: z.literal("verification-sent") }) },
  problems: ["password-too-short", "password-too-long", "password-blocked", "keys-not-ready"],
  uses: [
    "keys:GetItem",
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
  summary: "Follow the link of a sign-up: makes the manufacturer and its owner",
  method: "POST",
  path: "/v1/auth/email/verify",
  access: "public",
  body: z.strictObject({ token: TicketToken }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      manufacturerId: z.string(),
      memberId: z.string(),
      tier: z.literal("free"),
    }),
  },
  problems: ["invalid-ticket", "email-taken", "contention"],
  uses: [
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "usage:PutItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

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
  problems: ["not-found"],
  uses: ["identity:GetItem"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const accountRoutes: readonly Route[] = [
  createManufacturerRoute,
  verifyEmailRoute,
  readManufacturerRoute,
];
