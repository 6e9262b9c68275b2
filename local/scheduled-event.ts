import { randomUUID } from "node:crypto";
import { accountId, region } from "./aws-account.ts";

/** What a schedule sends to the function it runs. */
export const scheduledEvent = (nowMs: number): Record<string, unknown> => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: accountId,
  time: new Date(nowMs).toISOString(),
  region,
  resources: [],
  detail: {},
});
