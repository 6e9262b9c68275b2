import * as z from "zod/mini";
import type { Route, Task } from "../http/route.ts";

export const publishAuditRecordsTask = {
  operationId: "publishAuditRecords",
  domain: "audit",
  summary: "Turn new audit records into domain events; alarm when a record was changed or removed",
  triggers: [{ kind: "stream", table: "audit" }],
  uses: ["event-bus:PutEvents"],
  latencyBudgetMs: 2000,
  timeoutSeconds: 30,
} as const satisfies Task;

const Time = z.iso.datetime();

export const listAuditRecordsRoute = {
  operationId: "listAuditRecords",
  domain: "audit",
  summary: "The manufacturer's audit records, newest first",
  method: "GET",
  path: "/v1/audit",
  access: "audit:read",
  query: z.strictObject({
    from: z.optional(Time),
    to: z.optional(Time),
    cursor: z.optional(z.string().check(z.maxLength(512))),
  }),
  success: {
    status: 200,
    schema: z.object({
      items: z.array(
        z.looseObject({
          recordId: z.string(),
          time: Time,
          action: z.string(),
          outcome: z.enum(["success", "failure"]),
        }),
      ),
      nextCursor: z.optional(z.string()),
    }),
  },
  problems: [],
  uses: ["audit:Query"],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const auditRoutes: readonly Route[] = [listAuditRecordsRoute];

export const auditTasks: readonly Task[] = [publishAuditRecordsTask];
