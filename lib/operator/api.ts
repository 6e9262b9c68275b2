import * as z from "zod/mini";
import type { Route, Task } from "../http/route.ts";

export const unlockMemberRoute = {
  operationId: "unlockMember",
  domain: "operator",
  summary:
    "Let a member in again whose password or factor was guessed at: the password and all sessions are void and a new one is chosen by e-mail; on demand, and with a second operator's agreement, all second factors are removed too",
  method: "POST",
  path: "/v1/operator/members/{id}/unlock",
  access: "members:unlock",
  params: z.object({ id: z.string().check(z.regex(/^mem_[A-Za-z0-9_-]{22}$/)) }),
  /** Only after the member was identified anew: they bind a second factor with nothing but a new password. */
  query: z.strictObject({ secondFactors: z.optional(z.literal("all")) }),
  success: {
    status: 200,
    schema: z.object({
      memberId: z.string(),
      status: z.enum(["unlocked", "awaiting-approval"]),
      removedFactorIds: z.array(z.string()),
    }),
  },
  problems: ["not-found", "another-operator-needed", "contention"],
  uses: [
    "identity:GetItem",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:ConditionCheckItem",
    "identity:DeleteItem",
    "identity:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 150,
} as const satisfies Route;

export const createFirstOperatorTask = {
  operationId: "createFirstOperator",
  domain: "operator",
  summary: "Make the platform's first operator; refused once there is one",
  triggers: [{ kind: "invoke" }],
  uses: [
    "keys:Query",
    "keys:GetItem",
    "keys:PutItem",
    "platform-key:Decrypt",
    "manufacturer-key:Decrypt",
    "manufacturer-key:GenerateDataKeyWithoutPlaintext",
    "identity:GetItem",
    "identity:PutItem",
    "identity:UpdateItem",
    "audit:PutItem",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 1000,
  memoryMb: 1024,
} as const satisfies Task;

export const operatorRoutes: readonly Route[] = [unlockMemberRoute];
export const operatorTasks: readonly Task[] = [createFirstOperatorTask];
