import { randomUUID } from "node:crypto";
import {
  InternalServerError,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { KMSClient, KMSInternalException, ListKeysCommand } from "@aws-sdk/client-kms";
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, expect, test } from "vitest";
import { credentials, region } from "../../../local/aws-account.ts";
import { race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
let pk: string;
beforeEach(() => {
  pk = randomUUID();
});

const key = (sk = "counter") => ({ TableName: services.tableNames.metrics, Key: { pk, sk } });
const increment = () =>
  services.documents.send(
    new UpdateCommand({
      ...key(),
      UpdateExpression: "ADD #n :one",
      ExpressionAttributeNames: { "#n": "n" },
      ExpressionAttributeValues: { ":one": 1 },
    }),
  );
const read = async () => (await services.documents.send(new GetCommand(key()))).Item?.["n"];

test("calls are counted by operation, as they arrive", async () => {
  await increment();
  await increment();
  await read();
  expect(services.calls()).toEqual({ dynamodb: { UpdateItem: 2, GetItem: 1 }, kms: {} });
});

test("a lost response is of a call that was carried out, and its retry is counted", async () => {
  services.faults({
    service: "dynamodb",
    mode: "lose-response",
    operation: "UpdateItem",
    times: 1,
  });
  await increment();
  expect(await read()).toBe(2);
  expect(services.calls().dynamodb).toEqual({ UpdateItem: 2, GetItem: 1 });
});

test("without an end to lost responses the caller sees a broken connection", async () => {
  services.faults({ service: "dynamodb", mode: "lose-response", operation: "UpdateItem" });
  await expect(increment()).rejects.toMatchObject({ code: "ECONNRESET" });
  services.faults({ service: "dynamodb", mode: "none" });
  expect(await read()).toBe(3);
});

test("throttling and server errors are AWS's own, and nothing is carried out", async () => {
  services.faults({ service: "dynamodb", mode: "throttle", operation: "UpdateItem" });
  await expect(increment()).rejects.toBeInstanceOf(ThrottlingException);
  services.faults({ service: "dynamodb", mode: "error", operation: "UpdateItem" });
  await expect(increment()).rejects.toBeInstanceOf(InternalServerError);
  services.faults({ service: "dynamodb", mode: "none" });
  expect(await read()).toBeUndefined();
});

test("one throttled call is retried by the client and succeeds", async () => {
  services.faults({ service: "dynamodb", mode: "throttle", times: 1 });
  await increment();
  expect(await read()).toBe(1);
});

test("a conflict stops single writes and transactions, each with its own error", async () => {
  services.faults({ service: "dynamodb", mode: "conflict" });
  await expect(increment()).rejects.toBeInstanceOf(TransactionConflictException);
  const { TableName } = key();
  const Put = (sk: string) => ({ Put: { TableName, Item: { pk, sk } } });
  const transaction = new TransactWriteCommand({ TransactItems: [Put("a"), Put("b")] });
  const error = await services.documents.send(transaction).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect((error as TransactionCanceledException).CancellationReasons).toMatchObject([
    { Code: "TransactionConflict" },
    { Code: "None" },
  ]);
  expect(await read()).toBeUndefined();
});

test("latency delays a call and changes nothing else", async () => {
  services.faults({ service: "dynamodb", mode: "latency", delayMs: 100, operation: "UpdateItem" });
  const startedAtMs = performance.now();
  await increment();
  expect(performance.now() - startedAtMs).toBeGreaterThan(90);
  expect(await read()).toBe(1);
});

test("KMS faults are KMS's own", async () => {
  const client = new KMSClient({
    endpoint: services.endpoints.kms,
    region,
    credentials,
    maxAttempts: 1,
  });
  services.faults({ service: "kms", mode: "throttle" });
  await expect(client.send(new ListKeysCommand({}))).rejects.toMatchObject({
    name: "ThrottlingException",
  });
  services.faults({ service: "kms", mode: "error" });
  await expect(client.send(new ListKeysCommand({}))).rejects.toBeInstanceOf(KMSInternalException);
  expect(services.calls().kms).toEqual({ ListKeys: 2 });
  client.destroy();
});

test("a hundred writers at once pass through without a lost update", async () => {
  const { fulfilled } = await race(100, increment);
  expect(fulfilled).toHaveLength(100);
  expect(await read()).toBe(100);
});

test("a large item passes unharmed", async () => {
  const value = "ü".repeat(150_000);
  const { TableName } = key();
  await services.documents.send(
    new PutCommand({ TableName, Item: { pk, sk: "counter", n: value } }),
  );
  expect(await read()).toBe(value);
});
