import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { seededRandom } from "../../../bench/seeded-random.ts";
import { collectPerformanceMetrics } from "../../../lib/performance/collect-performance-metrics.ts";
import { Histogram, middleOf } from "../../../lib/performance/histogram.ts";
import { mergeRollups } from "../../../lib/performance/rollup.ts";
import { rollupStore } from "../../../lib/performance/rollup-store.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";
import { deliveryOf, lineOf } from "./deliver.ts";

const services = useServices();
const store = () => rollupStore(services.documents, services.tableNames.metrics);
const collect = (event: Parameters<typeof collectPerformanceMetrics>[0], rollups = store()) =>
  collectPerformanceMetrics(event, { rollups });

/** Delivers again until it succeeds, as Lambda does. */
async function deliver(event: Parameters<typeof collectPerformanceMetrics>[0], attemptsMax = 20) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await collect(event);
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
}

const hour = Date.parse("2026-11-24T03:00:00Z");
const hourMs = 3_600_000;
const newOperation = (): string => `operation-${randomUUID()}`;

const readHour = async (operation: string, fromMs = hour, toMs = hour + hourMs) =>
  store().list(operation, "hour", fromMs, toMs);

test("200 merges at the same time lose no call", async () => {
  const operation = newOperation();
  const random = seededRandom(1);
  const durations = Array.from({ length: 1_000 }, () => 200 * random());
  const client = new DynamoDBClient({
    endpoint: services.endpoints.dynamodb,
    region,
    credentials,
    // As many environments have one each; waiting for a connection is not what is tested.
    requestHandler: { httpAgent: { maxSockets: 200 } },
  });
  onTestFinished(() => client.destroy());
  const rollups = rollupStore(DynamoDBDocumentClient.from(client), services.tableNames.metrics);
  const result = await race(200, (index) =>
    collect(
      deliveryOf(
        durations
          .slice(5 * index, 5 * index + 5)
          .map((durationMs) => lineOf({ operation, durationMs, timeMs: hour + 1_000 })),
      ),
      rollups,
    ),
  );
  expect(result.rejected).toEqual([]);
  const [rollup, ...more] = await readHour(operation);
  expect(more).toEqual([]);
  const expected = new Histogram();
  for (const durationMs of durations) expected.add(durationMs);
  expect(rollup?.series.latency.entries()).toEqual(expected.entries());
  expect(rollup?.counters).toMatchObject({
    calls: 1_000,
    failures: 0,
    coldStarts: 1_000,
    breaches: durations.filter((durationMs) => durationMs > 100).length,
  });
});

test("a delivery that comes twice counts once, at the same time too", async () => {
  const operation = newOperation();
  const delivery = deliveryOf(
    [10, 20, 30].map((durationMs) => lineOf({ operation, durationMs, timeMs: hour })),
  );
  const { fulfilled, rejected } = await race(10, () => collect(delivery));
  expect(rejected).toEqual([]);
  expect(fulfilled.filter(({ merged }) => merged === 1)).toHaveLength(1);
  expect(fulfilled.filter(({ repeated }) => repeated === 1)).toHaveLength(9);
  expect((await readHour(operation))[0]?.counters.calls).toBe(3);
});

test("lost answers neither lose a call nor count one twice", async () => {
  const operation = newOperation();
  services.faults({ service: "dynamodb", mode: "lose-response", rate: 0.2 });
  const deliveries = 30;
  for (let index = 0; index < deliveries; index++) {
    await deliver(deliveryOf([lineOf({ operation, durationMs: index + 1, timeMs: hour })]));
  }
  services.faults({ service: "dynamodb", mode: "none" });
  expect((await readHour(operation))[0]?.counters.calls).toBe(deliveries);
});

test("a delivery half of which failed is completed by the next attempt", async () => {
  const operations = [newOperation(), newOperation(), newOperation()];
  const delivery = deliveryOf(
    operations.map((operation) => lineOf({ operation, durationMs: 5, timeMs: hour })),
  );
  // The client tries three times: of seven errors one merge gets three, and not every one does.
  services.faults({
    service: "dynamodb",
    mode: "error",
    operation: "TransactWriteItems",
    rate: 1,
    times: 7,
  });
  await expect(collect(delivery)).rejects.toThrow();
  services.faults({ service: "dynamodb", mode: "none" });
  await collect(delivery);
  for (const operation of operations) {
    expect((await readHour(operation))[0]?.counters.calls).toBe(1);
  }
});

/** A client that notes every update expression it sends. */
function recordingClient(): { client: DynamoDBDocumentClient; expressions: string[] } {
  const expressions: string[] = [];
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: services.endpoints.dynamodb, region, credentials }),
  );
  client.middlewareStack.add(
    (next) => (sent) => {
      const { TransactItems = [] } = sent.input as TransactWriteCommandInput;
      for (const { Update } of TransactItems) {
        if (Update?.UpdateExpression) expressions.push(Update.UpdateExpression);
      }
      return next(sent);
    },
    { step: "initialize" },
  );
  onTestFinished(() => client.destroy());
  return { client, expressions };
}

describe("rollups", () => {
  test("are kept by version, hour and five minutes, and read in order", async () => {
    const operation = newOperation();
    const at = (minutes: number, version: string) =>
      lineOf({ operation, durationMs: 1, timeMs: hour + minutes * 60_000, version });
    await collect(deliveryOf([at(0, "1"), at(4, "1"), at(5, "2"), at(59, "2"), at(60, "2")]));
    const hours = await readHour(operation, hour, hour + 2 * hourMs);
    expect(
      hours.map(({ startMs, version, counters }) => [startMs, version, counters.calls]),
    ).toEqual([
      [hour, "1", 2],
      [hour, "2", 2],
      [hour + hourMs, "2", 1],
    ]);
    const slices = await store().list(operation, "slice", hour, hour + hourMs);
    expect(
      slices.map(({ startMs, version, counters }) => [startMs, version, counters.calls]),
    ).toEqual([
      [hour, "1", 2],
      [hour + 5 * 60_000, "2", 1],
      [hour + 55 * 60_000, "2", 1],
    ]);
    expect(mergeRollups(hours).counters.calls).toBe(mergeRollups(slices).counters.calls + 1);
  });

  test("of every bucket there is fit the table, and count every call", async () => {
    const operation = newOperation();
    const lines: string[] = [];
    for (let bucket = 0; bucket < 420; bucket++) {
      lines.push(lineOf({ operation, durationMs: middleOf(bucket), timeMs: hour }));
    }
    const delivery = deliveryOf(lines);
    const { client, expressions } = recordingClient();
    await collect(delivery, rollupStore(client, services.tableNames.metrics));
    await collect(delivery);
    // The service's limits, which the emulator does not hold.
    for (const expression of expressions) {
      expect(Buffer.byteLength(expression)).toBeLessThanOrEqual(4_096);
      expect(expression.split(/[,=]/).length).toBeLessThanOrEqual(300);
    }
    expect(expressions.length).toBeGreaterThan(2);
    const [rollup] = await readHour(operation);
    expect(rollup?.counters.calls).toBe(420);
    expect(rollup?.series.latency.entries()).toEqual(
      Array.from({ length: 420 }, (_, bucket) => [bucket, 1]),
    );
  });

  test("include inner operations, measured inside an invocation", async () => {
    const operation = newOperation();
    const inner = newOperation();
    const line = JSON.parse(lineOf({ operation, durationMs: 7, timeMs: hour }));
    line.inner = { [inner]: { budgetMs: 5, breaches: 2, buckets: { 100: 3, 200: 2 } } };
    await collect(deliveryOf([JSON.stringify(line)]));
    expect((await readHour(inner))[0]?.counters).toMatchObject({
      calls: 5,
      breaches: 2,
      coldStarts: 0,
    });
    const { operations } = await store().readCatalogue();
    expect(operations).toContainEqual({
      pk: "CATALOGUE",
      sk: `OPERATION#${inner}`,
      operation: inner,
      kind: "inner",
      version: "1",
      budgetMs: 5,
    });
  });
});

test("other lines of the log and control messages change nothing", async () => {
  const operation = newOperation();
  const outcome = await collect(
    deliveryOf([
      "REPORT RequestId: 1",
      "{}",
      "not json {",
      lineOf({ operation, durationMs: 1, timeMs: hour }),
    ]),
  );
  expect(outcome).toEqual({ lines: 4, merged: 1, repeated: 0 });
  expect(await collect(deliveryOf(["CWL CONTROL MESSAGE"], "CONTROL_MESSAGE"))).toEqual({
    lines: 0,
    merged: 0,
    repeated: 0,
  });
});

test("a group of calls costs one transaction, whatever their number", async () => {
  const operation = newOperation();
  const rollups = store();
  const deliverCalls = (count: number) =>
    collect(
      deliveryOf(
        Array.from({ length: count }, (_, index) =>
          lineOf({ operation, durationMs: 10 + (index % 30), timeMs: hour }),
        ),
      ),
      rollups,
    );
  await deliverCalls(1);
  const before = services.calls().dynamodb;
  await deliverCalls(500);
  const after = services.calls().dynamodb;
  const spent = Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
  expect(Object.fromEntries(Object.entries(spent).filter(([, count]) => count > 0))).toEqual({
    TransactWriteItems: 1,
  });
});
