import { gunzipSync } from "node:zlib";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { eventSource } from "../../../lib/audit/event-source.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import type { Database } from "../../../local/database.ts";
import type { Messaging } from "../../../local/start-messaging.ts";
import type { Receiver } from "../../support/receiver.ts";
import { createReceiver, taskOf } from "../../support/receiver.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const tasks = [
  taskOf("sendMail", { kind: "event", detailTypePrefixes: ["accounts.", "auth."] }),
  taskOf("countUsage", { kind: "event", detailTypePrefixes: ["usage."] }),
  taskOf("rollUp", { kind: "log-lines" }),
];

let receiver: Receiver;
beforeEach(() => {
  receiver = createReceiver();
});

const clientOf = ({ endpoints }: Messaging) => {
  const client = new EventBridgeClient({ endpoint: endpoints.eventbridge, region, credentials });
  onTestFinished(() => client.destroy());
  return client;
};
const entry = (DetailType: string, detail: unknown = {}) => ({
  EventBusName: "local",
  Source: eventSource,
  DetailType,
  Detail: JSON.stringify(detail),
  Time: new Date(Date.UTC(2026, 10, 24)),
});
const noDatabase = { tableNames: {}, url: () => "" } as unknown as Database;
const start = (directory?: string) => receiver.start(tasks, noDatabase, directory);

test("the platform's own events reach the tasks whose prefix fits, and all are listed", async () => {
  const messaging = await start();
  const Entries = [
    entry("auth.session.started", { a: 1 }),
    entry("usage.limit"),
    entry("other"),
    { ...entry("auth.session.started"), Source: "somebody-else" },
  ];
  const answer = await clientOf(messaging).send(new PutEventsCommand({ Entries }));
  expect(answer.FailedEntryCount).toBe(0);
  expect(answer.Entries).toHaveLength(4);
  await messaging.settled();
  expect(receiver.eventsOf("sendMail")).toEqual([
    expect.objectContaining({
      version: "0",
      "detail-type": "auth.session.started",
      source: eventSource,
      time: "2026-11-24T00:00:00.000Z",
      detail: { a: 1 },
    }),
  ]);
  expect(receiver.eventsOf("countUsage")).toHaveLength(1);
  expect(messaging.events().map((event) => event["detail-type"])).toEqual([
    "auth.session.started",
    "usage.limit",
    "other",
    "auth.session.started",
  ]);
});

test("events that nobody took before the stack stopped are delivered by the next one", async () => {
  const directory = temporaryDirectory();
  const messaging = await start(directory);
  const reached = Promise.withResolvers<void>();
  receiver.behave = () => {
    reached.resolve();
    throw new Error("the stack is about to stop");
  };
  await clientOf(messaging).send(new PutEventsCommand({ Entries: [entry("auth.x")] }));
  await reached.promise;
  await messaging.close();
  receiver.behave = () => undefined;
  const next = await start(directory);
  await next.settled();
  expect(receiver.eventsOf("sendMail")).toHaveLength(1);
  expect(next.events()).toHaveLength(1);
  const third = await start(directory);
  await third.settled();
  expect(receiver.eventsOf("sendMail")).toHaveLength(1);
});

test("events whose detail is no JSON are refused whole", async () => {
  const messaging = await start();
  const Entries = [entry("auth.x"), { ...entry("auth.y"), Detail: "{" }];
  await expect(clientOf(messaging).send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
    name: "MalformedDetail",
  });
  expect(messaging.events()).toEqual([]);
});

test("e-mail is kept instead of sent, and still listed after a restart", async () => {
  const directory = temporaryDirectory();
  const messaging = await start(directory);
  const client = new SESv2Client({ endpoint: messaging.endpoints.sesv2, region, credentials });
  onTestFinished(() => client.destroy());
  const { MessageId } = await client.send(
    new SendEmailCommand({
      FromEmailAddress: "no-reply@acme.example",
      Destination: { ToAddresses: ["ada@acme.example"] },
      Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "Grüße" } } } },
    }),
  );
  await messaging.close();
  expect((await start(directory)).outbox()).toMatchObject([
    {
      messageId: MessageId,
      from: "no-reply@acme.example",
      to: ["ada@acme.example"],
      subject: "Hello",
      text: "Grüße",
    },
  ]);
  await expect(
    client.send(new SendEmailCommand({ Content: { Raw: { Data: new Uint8Array(1) } } })),
  ).rejects.toThrow();
});

test("metric lines of other functions arrive gzipped in one batch", async () => {
  const messaging = await start();
  const line = (operationId: string, text: string) =>
    messaging.addLogLine({ operationId, stream: "stdout", line: text, timeMs: 1234 });
  line("signIn", '{"_aws":{},"durationMs":1}');
  line("signIn", "plain text");
  line("rollUp", '{"_aws":{},"durationMs":2}');
  line("readUsage", '{"_aws":{},"durationMs":3}');
  await messaging.settled();
  const [event, ...others] = receiver.eventsOf("rollUp");
  expect(others).toEqual([]);
  const data = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString());
  expect(data).toMatchObject({ messageType: "DATA_MESSAGE" });
  expect(data.logEvents).toMatchObject([
    { timestamp: 1234, message: '{"_aws":{},"durationMs":1}' },
    { timestamp: 1234, message: '{"_aws":{},"durationMs":3}' },
  ]);
});
