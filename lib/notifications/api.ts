import type { Task } from "../http/route.ts";

export const sendNotificationTask = {
  operationId: "sendNotification",
  domain: "notifications",
  summary: "Send the e-mail that a domain event calls for",
  triggers: [
    {
      kind: "event",
      detailTypePrefixes: ["accounts.", "auth.", "mfa.", "devices.", "usage.", "operator."],
    },
  ],
  uses: [
    "identity:GetItem",
    "identity:Query",
    "identity:UpdateItem",
    "keys:Query",
    "platform-key:Decrypt",
    "email:SendEmail",
  ],
  settings: ["FRONT_END_URL", "MAILS_PER_HOUR"],
  latencyBudgetMs: 3000,
  timeoutSeconds: 30,
} as const satisfies Task;

export const notificationTasks: readonly Task[] = [sendNotificationTask];
