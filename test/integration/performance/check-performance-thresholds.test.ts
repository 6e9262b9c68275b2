import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../../bench/seeded-random.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { alertStore } from "../../../lib/performance/alert-store.ts";
import { checkPerformanceThresholds } from "../../../lib/performance/check-performance-thresholds.ts";
import { collectPerformanceMetrics } from "../../../lib/performance/collect-performance-metrics.ts";
import { rollupStore } from "../../../lib/performance/rollup-store.ts";
import { race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";
import { deliveryOf, lineOf } from "./deliver.ts";

const services = useServices();
const hourMs = 3_600_000;
const sliceMs = 300_000;

/** A day of its own for each test: audit records of other tests lie in other partitions. */
let startMs = Date.parse("2026-01-05T00:00:00Z");
let operation = "";
let random = seededRandom(0);

beforeEach(() => {
  startMs += 40 * 24 * hourMs;
  operation = `operation-${randomUUID()}`;
  // The same numbers whatever the order of the tests.
  random = seededRandom(1);
});

const stores = () => ({
  rollups: rollupStore(services.documents, services.tableNames.metrics),
  alerts: alertStore(services.documents, {
    metrics: services.tableNames.metrics,
    audit: services.tableNames.audit,
  }),
});

const check = (nowMs: number) => checkPerformanceThresholds({}, { ...stores(), now: () => nowMs });

/** Calls of one moment, around 20 ms unless slowed. */
async function call(
  timeMs: number,
  count: number,
  { factor = 1, version = "1" } = {},
): Promise<void> {
  const lines = Array.from({ length: count }, () =>
    lineOf({
      operation,
      timeMs,
      version,
      durationMs: factor * 20 * Math.exp(0.3 * normal(random)),
    }),
  );
  await collectPerformanceMetrics(deliveryOf(lines), stores());
}

/** Half a day of ordinary calls; returns when it ends. */
async function learn(version = "1"): Promise<number> {
  for (let hour = 0; hour < 12; hour++) await call(startMs + hour * hourMs, 25, { version });
  return startMs + 12 * hourMs;
}

async function auditOf(timeMs: number): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await services.documents.send(
    new QueryCommand({
      TableName: services.tableNames.audit,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: {
        ":pk": `MFR#platform#${new Date(timeMs).toISOString().slice(0, 10)}`,
      },
    }),
  );
  return Items.filter(({ subjectId }) => subjectId === operation);
}

const openKinds = async (): Promise<string[]> =>
  (await stores().alerts.listOpen())
    .filter((alert) => alert.operation === operation)
    .map(({ kind }) => kind)
    .sort();

describe("a degradation within the budget", () => {
  test("is raised once and cleared once, each with an audit record", async () => {
    const beginMs = await learn();
    await check(beginMs);
    let nowMs = beginMs;
    const live = async (slices: number, factor: number) => {
      for (let slice = 0; slice < slices; slice++) {
        await call(nowMs, 10, { factor });
        nowMs += sliceMs;
        await check(nowMs + 90_000);
      }
    };
    await live(6, 1);
    expect(await openKinds()).toEqual([]);
    await live(6, 1.5);
    expect(await openKinds()).toContain("degradation-mean");
    await live(12, 1);
    expect(await openKinds()).toEqual([]);

    const records = (await auditOf(beginMs)).filter(
      ({ details }) => (details as { kind: string }).kind === "degradation-mean",
    );
    expect(records.map(({ action }) => action)).toEqual([
      "performance.alert.raised",
      "performance.alert.cleared",
    ]);
    expect(records[0]).toMatchObject({
      manufacturerId: "platform",
      outcome: "success",
      subjectId: operation,
      details: { version: "1", budgetMs: 100, baselineCalls: expect.any(Number) },
    });
    const { changePercent, since } = (records[0]?.["details"] ?? {}) as Record<string, unknown>;
    expect(changePercent).toBeGreaterThan(20);
    expect(Math.abs(Date.parse(String(since)) - (beginMs + 6 * sliceMs))).toBeLessThanOrEqual(
      3 * sliceMs,
    );
    const past = (await stores().alerts.listPast(200)).filter(
      (alert) => alert.operation === operation,
    );
    expect(past.find(({ kind }) => kind === "degradation-mean")?.clearedAtMs).toBeGreaterThan(
      beginMs,
    );
  });

  test("stays raised over a deployment until the new version proves the recovery", async () => {
    const beginMs = await learn();
    await check(beginMs);
    let nowMs = beginMs;
    const live = async (slices: number, factor: number, version: string) => {
      for (let slice = 0; slice < slices; slice++) {
        await call(nowMs, 10, { factor, version });
        nowMs += sliceMs;
        await check(nowMs + 90_000);
      }
    };
    await live(8, 1.5, "1");
    expect(await openKinds()).toContain("degradation-mean");
    await live(3, 1.5, "2");
    expect(await openKinds()).toContain("degradation-mean");
    const actions = (await auditOf(beginMs))
      .filter(({ details }) => (details as { kind: string }).kind === "degradation-mean")
      .map(({ action }) => action);
    expect(actions).toEqual(["performance.alert.raised"]);
    const [watch] = (await stores().alerts.listWatches()).filter(
      (item) => item.operation === operation,
    );
    expect(watch?.version).toBe("2");
    await live(12, 1, "2");
    expect(await openKinds()).not.toContain("degradation-mean");
  });

  test("of a new version is held against the calls before it", async () => {
    const beginMs = await learn();
    let nowMs = beginMs;
    await check(nowMs);
    for (let slice = 0; slice < 8; slice++) {
      await call(nowMs, 10, { factor: 1.5, version: "2" });
      nowMs += sliceMs;
      await check(nowMs + 90_000);
    }
    const [alert] = (await stores().alerts.listOpen()).filter(
      (item) => item.operation === operation && item.kind === "degradation-mean",
    );
    expect(alert?.version).toBe("2");
  });
});

test("a breached budget and a burning one are raised once by many runs at the same time", async () => {
  const nowMs = startMs + hourMs;
  await call(nowMs - 1_000, 200, { factor: 10 });
  const { rejected } = await race(8, () => check(nowMs));
  expect(rejected).toEqual([]);
  expect(await openKinds()).toEqual(["budget-breach", "burn-rate-fast", "burn-rate-slow"]);
  const raised = (await auditOf(nowMs)).map(({ action, details }) => [
    action,
    (details as { kind: string }).kind,
  ]);
  expect(raised.sort()).toEqual([
    ["performance.alert.raised", "budget-breach"],
    ["performance.alert.raised", "burn-rate-fast"],
    ["performance.alert.raised", "burn-rate-slow"],
  ]);
});

test("an alert is cleared by one of many that see its end at the same time", async () => {
  const { alerts } = stores();
  const alert = {
    operation,
    kind: "budget-breach",
    version: "1",
    raisedAtMs: startMs,
    evidence: {},
  } as const;
  await alerts.raise(alert, systemOrigin("request-1"));
  const { fulfilled, rejected } = await race(10, () =>
    alerts.clear(alert, startMs + 1_000, systemOrigin("request-2")),
  );
  expect(rejected).toEqual([]);
  expect(fulfilled.filter((isCleared) => isCleared)).toHaveLength(1);
  expect((await auditOf(startMs)).map(({ action }) => action)).toEqual([
    "performance.alert.raised",
    "performance.alert.cleared",
  ]);
});

test("a run whose answers are lost raises and clears nothing twice", async () => {
  const nowMs = startMs + hourMs;
  await call(nowMs - 1_000, 200, { factor: 10 });
  services.faults({ service: "dynamodb", mode: "lose-response", rate: 0.2 });
  for (let attempt = 0; attempt < 10; attempt++) await check(nowMs).catch(() => undefined);
  services.faults({ service: "dynamodb", mode: "none" });
  await check(nowMs);
  for (let attempt = 0; attempt < 3; attempt++) await check(nowMs + 13 * hourMs);
  const records = (await auditOf(nowMs)).map(({ action, details }) =>
    [action, (details as { kind: string }).kind].join(" "),
  );
  expect(records.sort()).toEqual([
    "performance.alert.cleared budget-breach",
    "performance.alert.cleared burn-rate-fast",
    "performance.alert.cleared burn-rate-slow",
    "performance.alert.raised budget-breach",
    "performance.alert.raised burn-rate-fast",
    "performance.alert.raised burn-rate-slow",
  ]);
});

test("an operation without a past is watched against its budget alone", async () => {
  const nowMs = startMs + hourMs;
  await call(nowMs - 1_000, 30);
  await check(nowMs);
  const [watch] = (await stores().alerts.listWatches()).filter(
    (item) => item.operation === operation,
  );
  expect(watch?.baseline).toBeUndefined();
  expect(watch?.assessment.calls).toBe(30);
  expect(await openKinds()).toEqual([]);
});
