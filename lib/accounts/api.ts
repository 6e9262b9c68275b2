import * as z from "zod/mini";
import type { Route, Task } from "../http/route.ts";
import { Country, EmailAddress, Password, TicketToken } from "./fields.ts";

const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(200));

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
  problems: [
    "invalid-ticket",
    "email-taken",
    "contention",
    "kms-denied",
    "kms-throttled",
    "kms-unavailable",
  ],
  uses: [
    "keys:GetItem",
    "keys:PutItem",
    "manufacturer-key:GenerateDataKeyWithoutPlaintext",
    "manufacturer-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "usage:PutItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 300,
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
  problems: ["not-found", ...openedProfileProblems],
  uses: [
    "keys:GetItem",
    "manufacturer-key:Decrypt",
    "identity:GetItem",
    "identity:Query",
    "usage:GetItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 500,
} as const satisfies Route;

const AssignableRole = z.enum(["owner", "admin", "editor", "viewer", "operator"]);
const MemberParams = z.object({ memberId: z.string().check(z.regex(/^mem_[A-Za-z0-9_-]{22}$/)) });

export const createMemberRoute = {
  operationId: "createMember",
  domain: "accounts",
  summary: "Invite a member; the link goes to the member's address and to nobody else",
  method: "POST",
  path: "/v1/members",
  access: "members:write",
  screens: { mode: "block" },
  body: z.strictObject({ name: Name, email: EmailAddress, role: AssignableRole }),
  bodyBytesMax: 4096,
  success: { status: 201, schema: z.object({ memberId: z.string() }) },
  problems: [
    "role-above-own",
    "too-many-mails",
    "too-many-invitations",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const acceptInvitationRoute = {
  operationId: "acceptInvitation",
  domain: "accounts",
  summary: "Follow an invitation's link: sets the password and activates the member",
  method: "POST",
  path: "/v1/invitations/accept",
  access: "public",
  body: z.strictObject({ token: TicketToken, password: Password }),
  bodyBytesMax: 8192,
  success: {
    status: 200,
    schema: z.object({ manufacturerId: z.string(), memberId: z.string() }),
  },
  problems: [
    "invalid-ticket",
    "email-taken",
    "password-too-short",
    "password-too-long",
    "password-blocked",
    "keys-not-ready",
    "contention",
  ],
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

const MemberItem = z.object({
  memberId: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  status: z.enum(["active", "invited", "suspended"]),
  createdAt: z.iso.datetime(),
});

export const listMembersRoute = {
  operationId: "listMembers",
  domain: "accounts",
  summary: "The members of the caller's manufacturer",
  method: "GET",
  path: "/v1/members",
  access: "members:read",
  query: z.strictObject({ cursor: z.optional(z.string().check(z.maxLength(512))) }),
  success: {
    status: 200,
    schema: z.object({ items: z.array(MemberItem), nextCursor: z.optional(z.string()) }),
  },
  problems: [],
  uses: ["identity:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const changeMemberRoleRoute = {
  operationId: "changeMemberRole",
  domain: "accounts",
  summary: "Change a member's role",
  method: "PATCH",
  path: "/v1/members/{memberId}",
  access: "members:write",
  params: MemberParams,
  body: z.strictObject({ role: AssignableRole }),
  bodyBytesMax: 1024,
  success: { status: 200, schema: MemberItem },
  problems: ["not-found", "role-above-own", "last-owner", "contention"],
  uses: ["identity:GetItem", "identity:UpdateItem", "audit:PutItem"],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const removeMemberRoute = {
  operationId: "removeMember",
  domain: "accounts",
  summary: "Remove a member and erase their personal data; audit records keep the id",
  method: "DELETE",
  path: "/v1/members/{memberId}",
  access: "members:write",
  params: MemberParams,
  success: { status: 204 },
  problems: ["not-found", "role-above-own", "last-owner", "last-operator", "contention"],
  uses: ["identity:GetItem", "identity:UpdateItem", "identity:DeleteItem", "audit:PutItem"],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const resetMemberRoute = {
  operationId: "resetMember",
  domain: "accounts",
  summary: "Start a password reset for a member; the link goes to the member's address",
  method: "POST",
  path: "/v1/members/{memberId}/reset",
  access: "members:write",
  params: MemberParams,
  success: { status: 202, schema: z.object({ status: z.literal("reset-sent") }) },
  problems: ["not-found", "role-above-own", "too-many-mails", "keys-not-ready", "contention"],
  uses: [
    "keys:GetItem",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const exportMemberRoute = {
  operationId: "exportMember",
  domain: "accounts",
  summary: "Everything held about the caller (GDPR articles 15 and 20)",
  method: "GET",
  path: "/v1/members/me/export",
  access: "member",
  success: {
    status: 200,
    schema: z.object({
      exportedAt: z.iso.datetime(),
      member: z.looseObject({ memberId: z.string() }),
      sessions: z.array(z.looseObject({ sessionId: z.string() })),
      factors: z.array(z.looseObject({ factorId: z.string() })),
      devices: z.array(z.looseObject({ deviceId: z.string() })),
      backupCodesLeft: z.int(),
    }),
  },
  problems: ["not-found"],
  uses: ["identity:GetItem", "identity:Query"],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const eraseMemberDataTask = {
  operationId: "eraseMemberData",
  domain: "accounts",
  summary: "Delete what a removed member leaves behind: sessions, factors, devices, codes",
  triggers: [{ kind: "event", detailTypePrefixes: ["accounts.member.removed"] }],
  uses: ["identity:Query", "identity:DeleteItem"],
  latencyBudgetMs: 5000,
  timeoutSeconds: 60,
} as const satisfies Task;

export const accountRoutes: readonly Route[] = [
  createManufacturerRoute,
  verifyEmailRoute,
  readManufacturerRoute,
  exportManufacturerRoute,
  createMemberRoute,
  acceptInvitationRoute,
  listMembersRoute,
  exportMemberRoute,
  changeMemberRoleRoute,
  removeMemberRoute,
  resetMemberRoute,
];

export const accountTasks: readonly Task[] = [eraseMemberDataTask];
