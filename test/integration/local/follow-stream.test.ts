import { beforeEach, expect, onTestFinished, test } from "vitest";
import { region } from "../../../local/aws-account.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { Database } from "../../../local/database.ts";
import { startDatabase } from "../../../local/database.ts";
import type { Receiver } from "../../support/receiver.ts";
import { createReceiver, taskOf } from "../../support/receiver.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const tasks = [taskOf("followAudit", { kind: "stream", table: "audit" })];

let receiver: Receiver;
beforeEach(() => {
  receiver = createReceiver();
});

async function startWithDatabase(directory?: string) {
  const database = await startDatabase({ directory });
  onTestFinished(() => database.close());
  return { database, messaging: await receiver.start(tasks, database, directory) };
}

const put = async (
  database: Database,
  first: number,
  count: number,
  table: "audit" | "usage" | "keys" = "audit",
) => {
  for (let id = first; id < first + count; id += 1) {
    await callAwsJson({
      endpoint: database.url(),
      target: "DynamoDB_20120810.PutItem",
      input: {
        TableName: database.tableNames[table],
        Item: { pk: { S: "a" }, sk: { S: String(id) }, blob: { B: "AQID" } },
      },
    });
  }
};
const delivered = () =>
  receiver
    .eventsOf("followAudit")
    .flatMap(({ Records }) =>
      Records.map((record: { dynamodb: { NewImage: { sk: { S: string } } } }) =>
        Number(record.dynamodb.NewImage.sk.S),
      ),
    );
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test("a stream delivers every write once and in order, in batches of a hundred at most", async () => {
  const { database, messaging } = await startWithDatabase();
  await put(database, 0, 230);
  await messaging.settled();
  expect(delivered()).toEqual(numbers(230));
  for (const { Records } of receiver.eventsOf("followAudit"))
    expect(Records.length).toBeLessThanOrEqual(100);
});

test("a stream record has the shape that Lambda hands to a function", async () => {
  const { database, messaging } = await startWithDatabase();
  await put(database, 0, 1);
  await messaging.settled();
  expect(receiver.eventsOf("followAudit")[0].Records[0]).toMatchObject({
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

test("a stream repeats a failed batch before anything later, until it succeeds", async () => {
  const { database, messaging } = await startWithDatabase();
  let failuresLeft = 3;
  receiver.behave = () => {
    failuresLeft -= 1;
    if (failuresLeft >= 0) throw new Error("not yet");
  };
  await put(database, 0, 5);
  await messaging.settled();
  expect(failuresLeft).toBeLessThan(0);
  expect(delivered()).toEqual(numbers(5));
  expect(receiver.failures).toEqual([]);
});

test("a stream goes on after a restart of everything where it left off", async () => {
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

test("a stream delivers again what was under way when the stack stopped", async () => {
  const directory = temporaryDirectory();
  const { database, messaging } = await startWithDatabase(directory);
  const reached = Promise.withResolvers<void>();
  receiver.behave = () => {
    reached.resolve();
    throw new Error("the stack is about to stop");
  };
  await put(database, 0, 2);
  await reached.promise;
  await messaging.close();
  receiver.behave = () => undefined;
  await (await receiver.start(tasks, database, directory)).settled();
  expect(delivered()).toEqual([0, 1]);
});

test("a stream finds the database again after its crash", async () => {
  const directory = temporaryDirectory();
  const { database, messaging } = await startWithDatabase(directory);
  await put(database, 0, 2);
  await messaging.settled();
  await database.restart();
  await put(database, 2, 2);
  await messaging.settled();
  expect(delivered()).toEqual(numbers(4));
});

test("a stack is settled only once what others were busy with has been followed up", async () => {
  const database = await startDatabase({});
  onTestFinished(() => database.close());
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  receiver.behave = async ({ operationId }) => {
    if (operationId !== "followUsage") return;
    reached.resolve();
    await goOn.promise;
    await put(database, 0, 1);
  };
  const both = [...tasks, taskOf("followUsage", { kind: "stream", table: "usage" })];
  const messaging = await receiver.start(both, database);
  await put(database, 0, 1, "usage");
  // By the stack's own polling, before anybody asks whether all is settled.
  await reached.promise;
  const settled = messaging.settled();
  await put(database, 100, 20, "keys");
  goOn.resolve();
  await settled;
  expect(delivered()).toEqual([0]);
});
