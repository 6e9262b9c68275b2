import type { Task } from "../http/route.ts";

export const raiseUsageAlertsTask = {
  operationId: "raiseUsageAlerts",
  domain: "usage",
  summary: "Raise an alert when a counter passes 80, 90 or 100 % of its limit, or goes beyond it",
  triggers: [{ kind: "stream", table: "usage" }],
  uses: ["usage:PutItem", "audit:PutItem"],
  latencyBudgetMs: 2000,
  timeoutSeconds: 60,
} as const satisfies Task;

export const resetMonthlyQuotasTask = {
  operationId: "resetMonthlyQuotas",
  domain: "usage",
  summary: "Close the month that has ended: snapshots, events and advice; goes on where it stopped",
  triggers: [
    // Hourly through the first day: each run goes on where the one before ran out of time.
    { kind: "schedule", expression: "cron(10 * 1 * ? *)" },
    { kind: "invoke" },
  ],
  uses: [
    "usage:GetItem",
    "usage:BatchGetItem",
    "usage:Query",
    "usage:PutItem",
    "usage:ConditionCheckItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 900_000,
  timeoutSeconds: 900,
} as const satisfies Task;

export const payRefundsTask = {
  operationId: "payRefunds",
  domain: "usage",
  summary: "Give back charges whose refund failed when it was due",
  triggers: [{ kind: "schedule", expression: "rate(1 minute)" }],
  uses: [
    "usage:Query",
    "usage:UpdateItem",
    "usage:PutItem",
    "usage:DeleteItem",
    "usage:ConditionCheckItem",
  ],
  latencyBudgetMs: 60_000,
  timeoutSeconds: 60,
} as const satisfies Task;

export const usageTasks: readonly Task[] = [
  raiseUsageAlertsTask,
  resetMonthlyQuotasTask,
  payRefundsTask,
];
