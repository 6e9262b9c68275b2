import { setTimeout as delay } from "node:timers/promises";
import { sendNotificationTask } from "../../../lib/notifications/api.ts";
import { accountId, region } from "../../../local/aws-account.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { SentEmail } from "../../../local/email-service.ts";
import type { BusEvent } from "../../../local/event-bus.ts";
import type { Stack } from "../../../local/stack.ts";
import type { Deployment } from "./deploy.ts";
import { countItems, functionName } from "./gaps.ts";
import { invokeFunction } from "./invoke-function.ts";
import { readLog } from "./read-log.ts";

const tapName = "test-tap";
const pauseMs = 20;
const lateMs = 3000;
/** Less than a test has, so that it fails by what is said here. */
const patienceMs = 50_000;

/** Has every event of the bus copied into a queue, from which tests take them. */
export async function tapEvents({ endpoint, eventBusName }: Deployment): Promise<void> {
  const put = (target: string, input: unknown) => callAwsJson({ endpoint, target, input });
  await put("AmazonSQS.CreateQueue", { QueueName: tapName });
  await put("AWSEvents.PutRule", {
    Name: tapName,
    EventBusName: eventBusName,
    EventPattern: JSON.stringify({ account: [accountId] }),
  });
  await put("AWSEvents.PutTargets", {
    Rule: tapName,
    EventBusName: eventBusName,
    Targets: [{ Id: tapName, Arn: `arn:aws:sqs:${region}:${accountId}:${tapName}` }],
  });
}

export interface Messages extends Pick<Stack, "settled" | "events" | "outbox"> {
  /** Begins to watch; whatever was written before is settled by then. */
  begin: () => Promise<void>;
}

/** What the deployed app has published and sent since it is watched, as it stood when last settled. */
export function watchMessages(deployment: Deployment): Messages {
  let startMs = 0;
  let recordsBefore = 0;
  let notifications = 0;
  let nudges = 0;
  const events: BusEvent[] = [];
  let emails: SentEmail[] = [];
  const recordIds = new Set<unknown>();

  const countRecords = () => countItems(deployment.endpoint, deployment.tableNames.audit);

  /** Every audit record is on the bus, and every event that calls for mail is worked off. */
  const isSettled = async (): Promise<boolean> => {
    const records = (await countRecords()) - recordsBefore;
    if (recordIds.size < records) {
      const taken = await takeEvents(deployment);
      events.push(...taken);
      for (const { detail } of taken)
        recordIds.add((detail as Record<string, unknown>)["recordId"]);
    }
    if (recordIds.size < records) return false;
    const expected = events.filter(isForNotification).length + nudges;
    if (notifications < expected) notifications = await countNotifications(deployment, startMs);
    return notifications >= expected;
  };

  /**
   * A line that a function writes late, as on a busy machine, is kept by the emulator until the function
   * runs again. So it does: for an event that calls for no mail.
   */
  const nudge = async (): Promise<void> => {
    nudges += 1;
    const name = functionName(sendNotificationTask.operationId);
    await invokeFunction(deployment.endpoint, name, { detail: { action: "none" } });
  };
  return {
    begin: async () => {
      startMs = Date.now();
      await takeEvents(deployment);
      recordsBefore = await countRecords();
    },
    events: () => [...events],
    outbox: () => emails,
    settled: async () => {
      const deadlineMs = Date.now() + patienceMs;
      let nudgeMs = Date.now() + lateMs;
      while (!(await isSettled())) {
        if (Date.now() > deadlineMs) throw new Error("events are not worked off");
        if (Date.now() > nudgeMs) {
          await nudge();
          nudgeMs = Date.now() + lateMs;
        }
        await delay(pauseMs);
      }
      emails = await readEmails(deployment);
    },
  };
}

const isForNotification = ({ "detail-type": type }: BusEvent): boolean =>
  sendNotificationTask.triggers[0].detailTypePrefixes.some((prefix) => type.startsWith(prefix));

async function takeEvents({ endpoint }: Deployment): Promise<BusEvent[]> {
  const QueueUrl = `${endpoint}/${accountId}/${tapName}`;
  const events: BusEvent[] = [];
  for (;;) {
    const { Messages = [] } = await callAwsJson<{
      Messages?: { MessageId: string; ReceiptHandle: string; Body: string }[];
    }>({
      endpoint,
      target: "AmazonSQS.ReceiveMessage",
      input: { QueueUrl, MaxNumberOfMessages: 10 },
    });
    if (Messages.length === 0) return events;
    events.push(...Messages.map(({ Body }) => JSON.parse(Body) as BusEvent));
    await callAwsJson({
      endpoint,
      target: "AmazonSQS.DeleteMessageBatch",
      input: {
        QueueUrl,
        Entries: Messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle })),
      },
    });
  }
}

/** By the metric line that each invocation ends with. */
async function countNotifications(deployment: Deployment, startMs: number): Promise<number> {
  const lines = await readLog(deployment, startMs, sendNotificationTask.operationId);
  return lines.filter(({ message }) => message.startsWith('{"_aws"')).length;
}

async function readEmails({ endpoint }: Deployment): Promise<SentEmail[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages?account=${accountId}`);
  const { messages } = (await response.json()) as { messages: Record<string, StoredEmail[]> };
  return (messages[accountId] ?? []).map((email) => ({
    messageId: email.MessageId,
    time: new Date(email.Timestamp * 1000).toISOString(),
    from: email.Source,
    to: email.To,
    subject: email.Subject,
    text: email.BodyText,
    html: email.BodyHtml ?? undefined,
  }));
}

interface StoredEmail {
  MessageId: string;
  Timestamp: number;
  Source: string;
  To: string[];
  Subject: string;
  BodyText: string;
  BodyHtml: string | null;
}
