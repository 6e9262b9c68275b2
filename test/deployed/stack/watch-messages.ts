import { setTimeout as delay } from "node:timers/promises";
import { accountId, region } from "../../../local/aws-account.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { SentEmail } from "../../../local/email-service.ts";
import type { BusEvent } from "../../../local/event-bus.ts";
import type { Stack } from "../../../local/stack.ts";
import type { Deployment } from "./deploy.ts";
import { countItems } from "./gaps.ts";
import type { Subscribers } from "./watch-subscribers.ts";
import { watchSubscribers } from "./watch-subscribers.ts";

const tapName = "test-tap";
const pauseMs = 20;
const nudgeAfterMs = 3000;
const giveUpAfterMs = 20_000;
/** Less than a test has, so that it fails by what is said here. */
const patienceMs = 60_000;

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

export interface Messages extends Pick<Stack, "settled" | "events" | "outbox" | "invoke"> {
  /** Begins to watch; whatever was written before is settled by then. */
  begin: () => Promise<void>;
}

/** What the deployed app has published and sent since it is watched, as it stood when last settled. */
export function watchMessages(deployment: Deployment): Messages {
  let subscribers: Subscribers;
  let recordsBefore = 0;
  const events: BusEvent[] = [];
  let emails: SentEmail[] = [];
  const recordIds = new Set<unknown>();

  const countRecords = () => countItems(deployment.endpoint, deployment.tableNames.audit);

  /** Every audit record is on the bus. */
  const isPublished = async (): Promise<boolean> => {
    const records = (await countRecords()) - recordsBefore;
    if (recordIds.size < records) {
      const taken = await takeEvents(deployment);
      events.push(...taken);
      for (const { detail } of taken)
        recordIds.add((detail as Record<string, unknown>)["recordId"]);
    }
    return recordIds.size >= records;
  };
  return {
    begin: async () => {
      subscribers = watchSubscribers(deployment, Date.now());
      await takeEvents(deployment);
      recordsBefore = await countRecords();
    },
    invoke: (...invocation) => subscribers.invoke(...invocation),
    events: () => [...events],
    outbox: () => emails,
    settled: async () => {
      const startMs = Date.now();
      const steps = [
        { afterMs: nudgeAfterMs, take: () => subscribers.nudge(events) },
        { afterMs: giveUpAfterMs, take: () => subscribers.giveUp(events) },
      ];
      while (!((await isPublished()) && (await subscribers.areDone(events)))) {
        const waitedMs = Date.now() - startMs;
        if (waitedMs > patienceMs) throw new Error("events are not worked off");
        if (waitedMs > (steps[0]?.afterMs ?? patienceMs)) await steps.shift()?.take();
        await delay(pauseMs);
      }
      emails = await readEmails(deployment);
    },
  };
}

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
