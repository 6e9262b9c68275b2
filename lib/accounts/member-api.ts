import * as z from "zod/mini";
import type { Route, Task } from "../http/route.ts";
import { EmailAddress, MemberParams, Name, Password, TicketToken } from "./fields.ts";

const AssignableRole = z.enum(["owner", "admin", "editor", "viewer", "operator"]);

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
    "already-invited",
    "already-a-member",
    "keys-not-ready",
    "contention",
  ],
  uses: [
    "keys:Query",
    "platform-key:Decrypt",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
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
  sourceBudget: "passwords",
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
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "identity:ConditionCheckItem",
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
  invitation: z.optional(z.object({ invitedBy: z.string(), expiresAt: z.iso.datetime() })),
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
  uses: ["identity:GetItem", "identity:UpdateItem", "identity:ConditionCheckItem", "audit:PutItem"],
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
  uses: [
    "identity:GetItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
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
    "keys:Query",
    "platform-key:Decrypt",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
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
  problems: ["not-found", "contention"],
  uses: ["identity:GetItem", "identity:ConditionCheckItem", "audit:PutItem", "identity:Query"],
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

export const memberRoutes: readonly Route[] = [
  createMemberRoute,
  acceptInvitationRoute,
  listMembersRoute,
  exportMemberRoute,
  changeMemberRoleRoute,
  removeMemberRoute,
  resetMemberRoute,
];

export const memberTasks: readonly Task[] = [eraseMemberDataTask];
