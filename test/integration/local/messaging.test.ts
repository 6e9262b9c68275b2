import { gunzipSync } from "node:zlib";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Task, Trigger } from "../../../lib/http/route.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { Database } from "../../../local/database.ts";
import { startDatabase } from "../../../local/database.ts";
import type { Messaging } from "../../../local/start-messaging.ts";
import { startMessaging } from "../../../local/start-messaging.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const task = (operationId: string, trigger: Trigger): Task => ({
  operationId,
  domain: "audit",
  summary: "",
  uses: [],
  triggers: [trigger],
  latencyBudgetMs: 1,
});

const tasks = [
  task("followAudit", { kind: "stream", table: "audit" }),
  task("sendMail", { kind: "event", detailTypePrefixes: ["accounts.", "auth."] }),
  task("countUsage", { kind: "event", detailTypePrefixes: ["usage."] }),
  task("rollUp", { kind: "log-lines" }),
];

interface Invocation {
  operationId: string;
  // biome-ignore lint/suspicious/noExplicitAny: the event's shape is what is tested
  event: any;
}

let invocations: Invocation[];
let failures: string[];
/** Throws to make an invocation fail; what it lets pass counts as delivered. */
let behave: (invocation: Invocation) => unknown;

beforeEach(() => {
  invocations = [];
  failures = [];
  behave = () => undefined;
});

async function start(database: Database, directory?: string): Promise<Messaging> {
  const messaging = await startMessaging({
    tasks,
    database,
    directory,
    now: Date.now,
    invoke: async (operationId, event) => {
      await behave({ operationId, event });
      invocations.push({ operationId, event });
    },
    onFailure: (operationId) => failures.push(operationId),
  });
  messaging.start();
  onTestFinished(() => messaging.close());
  return messaging;
}

async function startWithDatabase(directory?: string) {
  const database = await startDatabase({ directory });
  onTestFinished(() => database.close());
  return { database, messaging: await start(database, directory) };
}

const eventsOf = (id: string) =>
  invocations.filter(({ operationId }) => operationId === id).map(({ event }) => event);

describe("streams", () => {
  const put = async (database: Database, first: number, count: number) => {
    for (let id = first; id < first + count; id += 1) {
      await callAwsJson({
        endpoint: database.url(),
        target: "DynamoDB_20120810.PutItem",
        input: {
          TableName: database.tableNames.audit,
          Item: { pk: { S: "a" }, sk: { S: String(id) }, blob: { B: "AQID" } },
        },
      });
    }
  };
  const delivered = () =>
    eventsOf("followAudit").flatMap(({ Records }) =>
      Records.map((record: { dynamodb: { NewImage: { sk: { S: string } } } }) =>
        Number(record.dynamodb.NewImage.sk.S),
      ),
    );
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  test("deliver every write once and in order, in batches of a hundred at most", async () => {
    const { database, messaging } = await startWithDatabase();
    await put(database, 0, 230);
    await messaging.settled();
    expect(delivered()).toEqual(numbers(230));
    for (const { Records } of eventsOf("followAudit"))
      expect(Records.length).toBeLessThanOrEqual(100);
  });

  test("have the shape that Lambda hands to a function", async () => {
    const { database, messaging } = await startWithDatabase();
    await put(database, 0, 1);
    await messaging.settled();
    expect(eventsOf("followAudit")[0].Records[0]).toMatchObject({
      eventName: "INSERT",
      eventSource: "aws:dynamodb",
      awsRegion: region,
      eventSourceARN: expect.stringContaining(`table/${database.tableNames.audit}/stream/`),
      dynamodb: {
        Keys: { pk: { S: "a" }, sk: { S: "0" } },
        NewImage: { blob: { B: "AQID" } },
        SequenceNumber: expect.any(String),
      },
    });
  });

  test("repeat a failed batch before anything later, until it succeeds", async () => {
    const { database, messaging } = await startWithDatabase();
    let failuresLeft = 3;
    behave = () => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error("not yet");
    };
    await put(database, 0, 5);
    await messaging.settled();
    expect(failuresLeft).toBeLessThan(0);
    expect(delivered()).toEqual(numbers(5));
    expect(failures).toEqual([]);
  });

  test("go on after a restart of everything where they left off", async () => {
    const directory = temporaryDirectory();
    const first = await startWithDatabase(directory);
    await put(first.database, 0, 3);
    await first.messaging.settled();
    await first.messaging.close();
    await put(first.database, 3, 3);
    await first.database.close();

    const second = await startWithDatabase(directory);
    await second.messaging.settled();
    await put(second.database, 6, 2);
    await second.messaging.settled();
    expect(delivered()).toEqual(numbers(8));
  });

  test("deliver again what was under way when the stack stopped", async () => {
    const directory = temporaryDirectory();
    const { database, messaging } = await startWithDatabase(directory);
    const reached = Promise.withResolvers<void>();
    behave = () => {
      reached.resolve();
      throw new Error("the stack is about to stop");
    };
    await put(database, 0, 2);
    await reached.promise;
    await messaging.close();
    behave = () => undefined;
    await (await start(database, directory)).settled();
    expect(delivered()).toEqual([0, 1]);
  });

  test("find the database again after its crash", async () => {
    const directory = temporaryDirectory();
    const { database, messaging } = await startWithDatabase(directory);
    await put(database, 0, 2);
    await messaging.settled();
    await database.restart();
    await put(database, 2, 2);
    // The iterators of before may be refused once; a second round opens them anew.
    await messaging.settled().catch(() => messaging.settled());
    expect(delivered()).toEqual(numbers(4));
  });
});

describe("events", () => {
  const clientOf = ({ endpoints }: Messaging) => {
    const client = new EventBridgeClient({ endpoint: endpoints.eventbridge, region, credentials });
    onTestFinished(() => client.destroy());
    return client;
  };
  const entry = (DetailType: string, detail: unknown = {}) => ({
    EventBusName: "local",
    Source: "test",
    DetailType,
    Detail: JSON.stringify(detail),
    Time: new Date(Date.UTC(2026, 10, 24)),
  });
  const database = { tableNames: {}, url: () => "http://127.0.0.1:9" } as unknown as Database;
  const withoutStreams = async (directory?: string): Promise<Messaging> => {
    const messaging = await startMessaging({
      tasks: tasks.slice(1),
      database,
      directory,
      now: Date.now,
      invoke: async (operationId, event) => {
        await behave({ operationId, event });
        invocations.push({ operationId, event });
      },
      onFailure: (operationId) => failures.push(operationId),
    });
    messaging.start();
    onTestFinished(() => messaging.close());
    return messaging;
  };

  test("reach the tasks whose prefix fits, and are listed", async () => {
    const messaging = await withoutStreams();
    const Entries = [entry("auth.session.started", { a: 1 }), entry("usage.limit"), entry("other")];
    const answer = await clientOf(messaging).send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(0);
    expect(answer.Entries).toHaveLength(3);
    await messaging.settled();
    expect(eventsOf("sendMail")).toEqual([
      expect.objectContaining({
        version: "0",
        "detail-type": "auth.session.started",
        source: "test",
        time: "2026-11-24T00:00:00.000Z",
        detail: { a: 1 },
      }),
    ]);
    expect(eventsOf("countUsage")).toHaveLength(1);
    expect(messaging.events().map((event) => event["detail-type"])).toEqual([
      "auth.session.started",
      "usage.limit",
      "other",
    ]);
  });

  test("that nobody took before the stack stopped are delivered by the next one", async () => {
    const directory = temporaryDirectory();
    const messaging = await withoutStreams(directory);
    const reached = Promise.withResolvers<void>();
    behave = () => {
      reached.resolve();
      throw new Error("the stack is about to stop");
    };
    await clientOf(messaging).send(new PutEventsCommand({ Entries: [entry("auth.x")] }));
    await reached.promise;
    await messaging.close();
    behave = () => undefined;
    const next = await withoutStreams(directory);
    await next.settled();
    expect(eventsOf("sendMail")).toHaveLength(1);
    expect(next.events()).toHaveLength(1);
    const third = await withoutStreams(directory);
    await third.settled();
    expect(eventsOf("sendMail")).toHaveLength(1);
  });

  test("whose detail is no JSON are refused whole", async () => {
    const messaging = await withoutStreams();
    const Entries = [entry("auth.x"), { ...entry("auth.y"), Detail: "{" }];
    await expect(clientOf(messaging).send(new PutEventsCommand({ Entries }))).rejects.toMatchObject(
      { name: "MalformedDetail" },
    );
    expect(messaging.events()).toEqual([]);
  });

  test("e-mail is kept instead of sent, and still listed after a restart", async () => {
    const directory = temporaryDirectory();
    const messaging = await withoutStreams(directory);
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
    expect((await withoutStreams(directory)).outbox()).toMatchObject([
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
    const messaging = await withoutStreams();
    const line = (operationId: string, text: string) =>
      messaging.addLogLine({ operationId, stream: "stdout", line: text, timeMs: 1234 });
    line("signIn", '{"_aws":{},"durationMs":1}');
    line("signIn", "plain text");
    line("rollUp", '{"_aws":{},"durationMs":2}');
    line("readUsage", '{"_aws":{},"durationMs":3}');
    await messaging.settled();
    const [event, ...others] = eventsOf("rollUp");
    expect(others).toEqual([]);
    const data = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString());
    expect(data).toMatchObject({ messageType: "DATA_MESSAGE" });
    expect(data.logEvents).toMatchObject([
      { timestamp: 1234, message: '{"_aws":{},"durationMs":1}' },
      { timestamp: 1234, message: '{"_aws":{},"durationMs":3}' },
    ]);
  });
});
