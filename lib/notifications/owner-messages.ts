import type { AuditRecord } from "../audit/record.ts";
import type { Message } from "./message.ts";

const detail = ({ details }: AuditRecord, name: string): string => String(details?.[name] ?? "");

/** What concerns the manufacturer as a whole, and needs somebody who can act on it. */
export const ownerMessages: Readonly<Record<string, Message>> = {
  "usage.threshold.reached": {
    recipient: "owners",
    priority: "notice",
    subject: "A usage limit is close or reached",
    text: ({ record }) =>
      `${detail(record, "used")} of ${detail(record, "limit")} ${detail(record, "resource")} of ${detail(record, "period")} are used: ${detail(record, "thresholdPercent")} % is passed. At 100 % further ones are refused until the month ends, unless your plan allows overage. GET /v1/usage shows where you stand; a higher tier raises the limit at once.`,
  },
  "usage.overage.started": {
    recipient: "owners",
    priority: "notice",
    subject: "Usage beyond your limit has begun",
    text: ({ record }) =>
      `The ${detail(record, "limit")} ${detail(record, "resource")} of ${detail(record, "period")} that your plan includes are used up since ${record.time}. What follows counts as overage.`,
  },
  "usage.tier.changed": {
    recipient: "owners",
    priority: "notice",
    subject: "Your plan was changed",
    text: ({ record }) =>
      `Your plan is "${detail(record, "tier")}" since ${record.time}, and its limits apply from that moment. If you did not ask for it, tell the operator of the platform.`,
  },
  "operator.manufacturer.erasure-scheduled": {
    recipient: "owners",
    subject: "Your company's data will be erased in seven days",
    text: ({ record }) =>
      `The erasure of your company's data was ordered at ${record.time}. Its keys are blocked now and will be destroyed in seven days; after that nobody can read the data, ever. If this is not what you want, tell the operator of the platform at once: until then it can be withdrawn.`,
  },
  "operator.manufacturer.erasure-cancelled": {
    recipient: "owners",
    subject: "The erasure of your company's data was withdrawn",
    text: ({ record }) =>
      `The erasure of your company's data was withdrawn at ${record.time}. Nothing was destroyed; sign in again.`,
  },
};
