import * as z from "zod/mini";
import { MemberParams } from "../accounts/fields.ts";
import type { Route } from "../http/route.ts";
import { SessionItem } from "./session-view.ts";

export const listMemberSessionsRoute = {
  operationId: "listMemberSessions",
  domain: "auth",
  summary: "A member's sessions that are alive, for administrators of at least the member's rank",
  method: "GET",
  path: "/v1/members/{memberId}/sessions",
  access: "member-sessions:read",
  params: MemberParams,
  success: { status: 200, schema: z.object({ items: z.array(SessionItem) }) },
  problems: ["not-found", "role-above-own"],
  uses: ["identity:GetItem", "identity:Query"],
  latencyBudgetMs: 100,
} as const satisfies Route;

export const endMemberSessionsRoute = {
  operationId: "endMemberSessions",
  domain: "auth",
  summary: "End every session of a member, who is told so by e-mail",
  method: "DELETE",
  path: "/v1/members/{memberId}/sessions",
  access: "members:write",
  params: MemberParams,
  success: { status: 204 },
  problems: ["not-found", "role-above-own", "contention"],
  uses: [
    "identity:GetItem",
    "identity:Query",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const memberSessionRoutes: readonly Route[] = [
  listMemberSessionsRoute,
  endMemberSessionsRoute,
];
