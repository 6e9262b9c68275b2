import { setTimeout as delay } from "node:timers/promises";
import { sendNotificationTask } from "../../../lib/notifications/api.ts";
import { accountId, region } from "../../../local/aws-account.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { SentEmail } from "../../../local/email-service.ts";
import type { BusEvent } from "../../../local/event-bus.ts";
import type { Stack } from "../../../local/stack.ts";
import type { Deployment } from "./deploy.ts";

const tapName = "test-tap";
const pauseMs = 20;
const patienceMs = 60_000;

/** Has every event of the bus copied into a queue, from which tests read. */
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

/** What the deployed app has published and sent, as it stood when it was last settled. */
export function watchMessages(
  deployment: Deployment,
): Pick<Stack, "settled" | "events" | "outbox"> {
  const startMs = Date.now();
  let events: BusEvent[] = [];
  let emails: SentEmail[] = [];

  /** Every audit record is on the bus, and every event of the file's that calls for mail is worked off. */
  const isSettled = async (): Promise<boolean> => {
    const records = await countRecords(deployment);
    const tapped = await readTap(deployment);
    events = tapped.filter(({ sentMs }) => sentMs >= startMs).map(({ event }) => event);
    const published = new Set(tapped.map(({ event }) => recordIdOf(event)));
    if (published.size < records) return false;
    const expected = events.filter(isForNotification).length;
    return (await countNotifications(deployment, startMs)) >= expected;
  };
  return {
    events: () => events,
    outbox: () => emails,
    settled: async () => {
      for (const deadlineMs = Date.now() + patienceMs; !(await isSettled()); ) {
        if (Date.now() > deadlineMs) throw new Error("events are not worked off");
        await delay(pauseMs);
      }
      emails = await readEmails(deployment);
    },
  };
}

const isForNotification = ({ "detail-type": type }: BusEvent): boolean =>
  sendNotificationTask.triggers[0].detailTypePrefixes.some((prefix) => type.startsWith(prefix));

const recordIdOf = ({ detail }: BusEvent): unknown =>
  (detail as Record<string, unknown>)["recordId"];

async function countRecords({ endpoint, tableNames }: Deployment): Promise<number> {
  let count = 0;
  let start: unknown;
  do {
    const page = await callAwsJson<{ Count: number; LastEvaluatedKey?: unknown }>({
      endpoint,
      target: "DynamoDB_20120810.Scan",
      input: {
        TableName: tableNames.audit,
        Select: "COUNT",
        ...(start !== undefined && { ExclusiveStartKey: start }),
      },
    });
    count += page.Count;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return count;
}

async function readTap({ endpoint }: Deployment): Promise<{ event: BusEvent; sentMs: number }[]> {
  const url = `${endpoint}/_ministack/sqs/messages?account=${accountId}`;
  const { messages } = (await (await fetch(url)).json()) as {
    messages: Record<string, Record<string, Record<string, TappedMessage[]>>>;
  };
  const queues = Object.entries(messages[accountId]?.[region] ?? {});
  const tapped = queues.find(([queueUrl]) => queueUrl.endsWith(`/${tapName}`))?.[1] ?? [];
  return tapped.map(({ Body, Attributes }) => ({
    event: JSON.parse(Body) as BusEvent,
    sentMs: Number(Attributes.SentTimestamp),
  }));
}

interface TappedMessage {
  Body: string;
  Attributes: { SentTimestamp: string };
}

/** By the metric line that each invocation ends with. */
async function countNotifications(
  { endpoint, functionLogGroupName }: Deployment,
  startMs: number,
): Promise<number> {
  let count = 0;
  let nextToken: string | undefined;
  do {
    const page = await callAwsJson<{ events: { message: string }[]; nextToken?: string }>({
      endpoint,
      target: "Logs_20140328.FilterLogEvents",
      input: {
        logGroupName: functionLogGroupName,
        startTime: startMs,
        filterPattern: `"${sendNotificationTask.operationId}"`,
        ...(nextToken !== undefined && { nextToken }),
      },
    });
    count += page.events.filter(({ message }) => message.startsWith('{"_aws"')).length;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return count;
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
