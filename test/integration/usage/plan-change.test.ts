import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../../../lib/access/actor-condition.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { PlanStore } from "../../../lib/usage/plan-store.ts";
import { planStore } from "../../../lib/usage/plan-store.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { Tier } from "../../../lib/usage/tiers.ts";
import { holdWrites } from "../../support/hold-writes.ts";
import type { TestDatabase } from "./database.ts";
import { connect, startDatabase } from "./database.ts";
import { chargeOf, inParallel, newOperator, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let usage: UsageStore;
let plans: PlanStore;
let operator: Actor;
const tables = { identity: "identity", usage: "usage", audit: "audit" };
beforeAll(async () => {
  database = await startDatabase();
  usage = usageStore(database.documents, "usage");
  operator = await newOperator(database.documents);
  plans = planStore(database.documents, tables);
});
afterAll(() => database.stop());

const entryAt = (timeMs: number) =>
  ({
    action: "usage.tier.changed",
    outcome: "success",
    origin: systemOrigin("req_test"),
    timeMs,
  }) as const;

const changeTier = (tenant: string, tier: Tier, timeMs = noonMs, by = plans) =>
  by.changePlan(operator, tenant, ({ overrides }) => ({ tier, overrides }), entryAt(timeMs));

/** Cancels a client's first transactions by a conflict; answers how many are still to come. */
function conflictFirst(client: DynamoDBDocumentClient, count: number): () => number {
  let left = count;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "TransactWriteItemsCommand" || left === 0) return next(args);
        left -= 1;
        throw new TransactionCanceledException({
          message: "injected",
          $metadata: {},
          CancellationReasons: [{ Code: "TransactionConflict" }],
        });
      },
    { step: "finalizeRequest", priority: "low", name: "conflictFirst" },
  );
  return () => left;
}

describe("a tier change", () => {
  it("holds at once in every environment, the refused ones included", async () => {
    const tenant = await newTenant(database.documents);
    const environments = [charger(usage), charger(usage)];
    for (const charge of environments) {
      await charge(chargeOf(tenant, "api_calls", { amount: 500 }));
    }
    for (const charge of environments) {
      expect(await charge(chargeOf(tenant, "api_calls"))).toMatchObject({ outcome: "refused" });
    }
    await changeTier(tenant, "professional");
    for (const charge of environments) {
      expect(await charge(chargeOf(tenant, "api_calls"))).toMatchObject({
        outcome: "charged",
        standing: { limit: 10_000, tier: "professional" },
      });
    }
    await changeTier(tenant, "free");
    for (const charge of environments) {
      expect(await charge(chargeOf(tenant, "api_calls"))).toMatchObject({
        outcome: "refused",
        standing: { used: 1002, remaining: 0, limit: 1000 },
      });
    }
  });

  it("in the middle of a race neither loses a unit nor admits one too many", async () => {
    const tenant = await newTenant(database.documents, "free");
    const environments = Array.from({ length: 10 }, () => charger(usage));
    // 50 to 500 ml_requests while 800 try: the change lands somewhere among the first 700.
    const changed = changeTier(tenant, "professional");
    const verdicts = await inParallel(
      Array.from({ length: 800 }, (_, index) => index),
      40,
      async (index) => {
        if (index >= 700) await changed;
        return (environments[index % 10] as ReturnType<typeof charger>)(
          chargeOf(tenant, "ml_requests", { idempotencyKey: `k${index}` }),
        );
      },
    );
    const admitted = verdicts.filter(({ outcome }) => outcome === "charged").length;
    const counter = await usage.readCounter(tenant, "ml_requests", periodAt(noonMs));
    expect(admitted).toBeGreaterThan(50);
    expect(admitted).toBeLessThanOrEqual(500);
    expect(counter).toMatchObject({ used: admitted, limit: 500, remaining: 500 - admitted });
  });

  it.each([
    { conflicts: 4, calls: "a few times" },
    { conflicts: 23, calls: "for seconds" },
  ])("is carried out though charges keep it from the counters $calls", async ({ conflicts }) => {
    const tenant = await newTenant(database.documents);
    const client = connect(database.endpoint);
    const left = conflictFirst(client, conflicts);
    const stubborn = planStore(client, tables);
    await expect(changeTier(tenant, "professional", noonMs, stubborn)).resolves.toMatchObject({
      tier: "professional",
      version: 2,
    });
    client.destroy();
    expect(left()).toBe(0);
  });

  it("gives up with `contention`, and changes nothing, where it is kept from them for good", async () => {
    const tenant = await newTenant(database.documents);
    const client = connect(database.endpoint);
    conflictFirst(client, Number.POSITIVE_INFINITY);
    const stubborn = planStore(client, tables);
    await expect(changeTier(tenant, "professional", noonMs, stubborn)).rejects.toMatchObject({
      code: "contention",
      headers: { "retry-after": "1" },
    });
    client.destroy();
    expect(await usage.readPlan(tenant)).toMatchObject({ tier: "free", version: 1 });
  });

  it("by each of two operators at once is never lost, while charges go on", async () => {
    const tenant = await newTenant(database.documents, "free");
    const clients = [connect(database.endpoint), connect(database.endpoint)];
    const charge = charger(usage);
    // Each change of one can come before a change of the other: no more often than there are changes.
    const changes: Tier[] = ["professional", "enterprise", "free", "enterprise", "professional"];
    const [verdicts] = await Promise.all([
      inParallel(Array.from({ length: 200 }), 20, () => charge(chargeOf(tenant, "api_calls"))),
      ...clients.map((client) =>
        inParallel(changes, 1, (tier) =>
          planStore(client, tables).changePlan(
            operator,
            tenant,
            ({ overrides }) => ({ tier, overrides }),
            entryAt(noonMs),
          ),
        ),
      ),
    ]);
    for (const client of clients) client.destroy();
    expect(verdicts.every(({ outcome }) => outcome === "charged")).toBe(true);
    expect(await usage.readPlan(tenant)).toMatchObject({
      tier: "professional",
      version: 1 + 2 * changes.length,
    });
    expect(await usage.readCounter(tenant, "api_calls", periodAt(noonMs))).toMatchObject({
      used: 200,
      limit: 10_000,
      remaining: 9_800,
    });
  });

  it("next to many others ends with the last plan in force and no unit lost", async () => {
    const tenant = await newTenant(database.documents, "free");
    const charge = charger(usage);
    const order: Tier[] = ["professional", "free", "enterprise", "professional", "free"];
    const [verdicts] = await Promise.all([
      inParallel(
        Array.from({ length: 300 }, (_, index) => index),
        20,
        () => charge(chargeOf(tenant, "api_calls", { amount: 5 })),
      ),
      inParallel(order, 1, (tier) => changeTier(tenant, tier)),
    ]);
    const admitted = 5 * verdicts.filter(({ outcome }) => outcome === "charged").length;
    const counter = await usage.readCounter(tenant, "api_calls", periodAt(noonMs));
    expect(counter).toMatchObject({ used: admitted, limit: 1000, remaining: 1000 - admitted });
    expect(await usage.readPlan(tenant)).toMatchObject({ tier: "free", version: 6 });
  });

  it("a minute before the month turns holds on both sides of the turn", async () => {
    const tenant = await newTenant(database.documents, "free");
    const turnMs = Date.UTC(2026, 11, 1);
    const charge = charger(usage);
    // An environment whose clock is ahead has opened the next month under the old plan.
    await charge(chargeOf(tenant, "api_calls", { nowMs: turnMs + 1000 }));
    await changeTier(tenant, "professional", turnMs - 60_000);
    for (const nowMs of [turnMs - 1000, turnMs + 2000]) {
      expect(await charge(chargeOf(tenant, "api_calls", { nowMs }))).toMatchObject({
        standing: { limit: 10_000 },
      });
    }
  });
});

describe("an operator", () => {
  it.each([
    ["who was removed", "status", "removed", "invalid-token"],
    ["who is a viewer now", "roles", ["viewer"], "forbidden"],
  ])("%s while a change was under way changes no plan", async (_, attribute, value, code) => {
    const tenant = await newTenant(database.documents);
    const former = await newOperator(database.documents);
    const held = holdWrites(database.documents);
    const changing = planStore(held.documents, tables)
      .changePlan(
        former,
        tenant,
        ({ overrides }) => ({ tier: "enterprise", overrides }),
        entryAt(noonMs),
      )
      .catch((error: unknown) => error);
    await held.arrived;
    await database.documents.send(
      new UpdateCommand({
        TableName: "identity",
        Key: identityKeys.member(former.manufacturerId, former.memberId),
        UpdateExpression: "SET #attribute = :value",
        ExpressionAttributeNames: { "#attribute": attribute },
        ExpressionAttributeValues: { ":value": value },
      }),
    );
    held.release();
    expect(await changing).toMatchObject({ code });
    expect(await usage.readPlan(tenant)).toMatchObject({ tier: "free", version: 1 });
  });
});

describe("while the month turns", () => {
  it("each month admits exactly its own limit", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 300 });
    const turnMs = Date.UTC(2026, 11, 1);
    const environments = Array.from({ length: 8 }, () => charger(usage));
    const verdicts = await inParallel(
      Array.from({ length: 1000 }, (_, index) => turnMs - 500 + index),
      40,
      (nowMs, index) =>
        (environments[index % 8] as ReturnType<typeof charger>)(
          chargeOf(tenant, "api_calls", { nowMs }),
        ),
    );
    for (const period of ["2026-11", "2026-12"]) {
      const admitted = verdicts.filter(
        ({ outcome, standing }) => outcome === "charged" && standing.period === period,
      );
      expect(admitted).toHaveLength(300);
    }
  });
});
