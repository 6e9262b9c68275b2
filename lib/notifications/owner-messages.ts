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
  "operator.second-factors.removal-requested": {
    recipient: "owners",
    subject: "Second factors of a member are to be removed",
    text: ({ record }) =>
      `An operator of the platform asked at ${record.time} to take every second factor from the account of the member ${record.subjectId ?? ""} of your company, who has proven who they are. It happens when a second operator agrees within 24 hours. If nobody of yours asked for it, tell the operator of the platform at once.`,
  },
  "operator.second-factors.removed": {
    recipient: "owners",
    subject: "Second factors of a member were removed",
    text: ({ record }) =>
      `Two operators of the platform took every second factor from the account of the member ${record.subjectId ?? ""} of your company at ${record.time}. Whoever holds that member's mailbox can bind a new one now. If nobody of yours asked for it, tell the operator of the platform at once.`,
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
