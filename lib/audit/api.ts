import type { Task } from "../http/route.ts";

export const publishAuditRecordsTask = {
  operationId: "publishAuditRecords",
  domain: "audit",
  summary: "Turn new audit records into domain events; alarm when a record was changed or removed",
  triggers: [{ kind: "stream", table: "audit" }],
  uses: ["event-bus:PutEvents"],
  latencyBudgetMs: 2000,
  timeoutSeconds: 30,
} as const satisfies Task;

export const auditTasks: readonly Task[] = [publishAuditRecordsTask];
