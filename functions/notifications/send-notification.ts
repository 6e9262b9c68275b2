import { SESv2Client } from "@aws-sdk/client-sesv2";
import { memberStore } from "../../lib/accounts/member-store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { counter } from "../../lib/http/counter.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { sendNotificationTask } from "../../lib/notifications/api.ts";
import { claimMail } from "../../lib/notifications/claim-mail.ts";
import { emailSender } from "../../lib/notifications/email-sender.ts";
import { factorLabel } from "../../lib/notifications/factor-label.ts";
import { ownerEmails } from "../../lib/notifications/owner-emails.ts";
import type { SendNotificationDependencies } from "../../lib/notifications/send-notification.ts";
import { sendNotification } from "../../lib/notifications/send-notification.ts";

export const build = (dependencies: SendNotificationDependencies & { observe: Observe }) =>
  task(sendNotification, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "IDENTITY_TABLE",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "EMAIL_SENDER",
  "FRONT_END_URL",
  "MAILS_PER_HOUR",
]);
const accounts = accountStore(documents, { identity: env.IDENTITY_TABLE });

export const handler = build({
  ...secretDependencies(documents, kms, env, systemClock),
  readTicket: accounts.readTicket,
  readMember: accounts.readMember,
  factorLabel: factorLabel(documents, env.IDENTITY_TABLE),
  ownerEmails: ownerEmails(memberStore(documents, { identity: env.IDENTITY_TABLE })),
  claimMail: claimMail({
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    mailsPerHour: Number(env.MAILS_PER_HOUR),
    reportRefusal: counter("mailsRefused", env.STAGE),
    now: systemClock,
  }),
  send: emailSender(new SESv2Client(), env.EMAIL_SENDER),
  frontEndUrl: env.FRONT_END_URL,
  observe: observer(sendNotificationTask, env),
});
