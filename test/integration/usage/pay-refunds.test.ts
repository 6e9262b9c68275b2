import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { charger } from "../../../lib/usage/charge.ts";
import { meter } from "../../../lib/usage/meter-middleware.ts";
import { payRefunds } from "../../../lib/usage/pay-refunds.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { Refund } from "../../../lib/usage/refund.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { connect, startDatabase } from "./database.ts";
import { injectFaults, ResponseLost } from "./faults.ts";
import { chargeOf, inParallel, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let clients: DynamoDBDocumentClient[] = [];
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await database.stop();
});

const resources = ["product_uploads", "ml_requests", "api_calls"] as const;
type Resource = (typeof resources)[number];

const connected = (): DynamoDBDocumentClient => {
  const client = connect(database.endpoint);
  clients.push(client);
  return client;
};
const usage = () => usageStore(database.documents, "usage");
const pay = (store = usage()) => payRefunds({}, { usage: store }, { remainingMs: () => 60_000 });
const usedBy = async (tenant: string, resource: Resource) =>
  (await usage().readCounter(tenant, resource, periodAt(noonMs))) ?? { used: 0 };

/** What becomes of the next writes of a client: `lost` is carried out and not answered, `failed` never arrives. */
type Fate = "lost" | "failed" | "conflict";

function script(client: DynamoDBDocumentClient, fates: (Fate | undefined)[]): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const fate = /Write|Update|Put/.test(commandName ?? "") ? fates.shift() : undefined;
        if (fate === "conflict")
          throw new TransactionCanceledException({
            message: "scripted",
            $metadata: { httpStatusCode: 400 },
            CancellationReasons: [{ Code: "TransactionConflict" }],
          });
        const answer = fate === "failed" ? undefined : await next(args);
        if (fate) throw new ResponseLost();
        return answer as Awaited<ReturnType<typeof next>>;
      },
    { step: "finalizeRequest", priority: "low", name: "script", override: true },
  );
}

interface Job {
  tenant: string;
  key?: string;
  status?: number;
  requestContext: object;
}

/** A metered function in an environment of its own. */
function meteredFunction(resource: Resource, client: DynamoDBDocumentClient, hasKey = true) {
  const served: string[] = [];
  const handler = middy<Job, { statusCode: number }>()
    .use(
      meter<Job>(resource, {
        usage: usageStore(client, "usage"),
        manufacturerId: ({ tenant }) => tenant,
        ...(hasKey && { idempotencyKey: ({ key = "" }: Job) => key }),
        now: () => noonMs,
      }),
    )
    .handler(async ({ key = "", status = 200 }) => {
      if (status === 200) served.push(key);
      return { statusCode: status };
    }) as unknown as (job: Job, context: Context) => Promise<{ statusCode: number }>;
  let serial = 0;
  const call = (job: Omit<Job, "requestContext">, awsRequestId = `req-${resource}-${++serial}`) =>
    handler({ ...job, requestContext: {} }, {
      awsRequestId,
      getRemainingTimeInMillis: () => 10_000,
    } as Context);
  return { call, served };
}

const refundOf = (tenant: string, resource: Resource, options: Partial<Refund> = {}): Refund => ({
  manufacturerId: tenant,
  resource,
  amount: 1,
  chargedAtMs: noonMs,
  refundedAtMs: noonMs + 1000,
  requestId: "req_test",
  id: "refund-1",
  ...options,
});

describe.each(["ml_requests", "api_calls"] as const)("a key of %s", (resource) => {
  it("is charged and served, or neither, although 30 % of the answers are lost and every third fails at first", async () => {
    const tenant = await newTenant(database.documents, "free", { [resource]: 10_000 });
    const client = connected();
    const { losses } = injectFaults(client, { lost: 0.3, conflict: 0, seed: 11 });
    const { call, served } = meteredFunction(resource, client);
    const keys = Array.from({ length: 150 }, (_, index) => `key-${index}`);
    await inParallel(keys, 10, async (key, index) => {
      let status = index % 3 === 0 ? 503 : 200;
      for (let attempt = 0; attempt < 3; attempt++) {
        const { statusCode } = await call({ tenant, key, status });
        if (statusCode === 200) return;
        status = 200;
      }
    });
    expect(losses()).toBeGreaterThan(50);
    // The database is well again: what this environment could not write goes with its next charge.
    injectFaults(client, { lost: 0, conflict: 0, seed: 1 });
    await call({ tenant, key: "last" });
    await pay();
    for (const key of keys) {
      const wasServed = served.includes(key);
      const { statusCode } = await call({ tenant, key });
      expect([key, statusCode]).toEqual([key, wasServed ? 409 : 200]);
    }
    expect(served.toSorted()).toEqual(["last", ...keys].toSorted());
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 151, d24: 151 });
  });

  it("whose refund cannot be made is owed, paid by the next run, and good again", async () => {
    const tenant = await newTenant(database.documents);
    const client = connected();
    const { call, served } = meteredFunction(resource, client);
    await call({ tenant, key: "warm" });
    // The charge is made; each of the three attempts to give it back fails.
    script(client, [undefined, "failed", "failed", "failed"]);
    expect((await call({ tenant, key: "a", status: 502 })).statusCode).toBe(502);
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 2 });
    await pay();
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 1, d24: 1 });
    expect((await call({ tenant, key: "a" })).statusCode).toBe(200);
    expect(served).toEqual(["warm", "a"]);
  });

  it("whose refund cannot even be written down is not forgotten: it is with the environment's next charge", async () => {
    const tenant = await newTenant(database.documents);
    const client = connected();
    const { call } = meteredFunction(resource, client);
    await call({ tenant, key: "warm" });
    script(client, [undefined, ...Array<Fate>(6).fill("failed")]);
    await call({ tenant, key: "a", status: 502 });
    await pay();
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 2 });
    await call({ tenant, key: "next" });
    await pay();
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 2, d24: 2 });
    expect((await call({ tenant, key: "a" })).statusCode).toBe(200);
  });

  it("that Lambda's repeat of the event is served for is not given back for the first try", async () => {
    const tenant = await newTenant(database.documents);
    const client = connected();
    const { call, served } = meteredFunction(resource, client);
    await call({ tenant, key: "warm" });
    script(client, [undefined, "failed", "failed", "failed"]);
    await call({ tenant, key: "a", status: 502 }, "same");
    expect((await call({ tenant, key: "a" }, "same")).statusCode).toBe(200);
    await pay();
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 2 });
    expect((await call({ tenant, key: "a" })).statusCode).toBe(409);
    expect(served).toEqual(["warm", "a"]);
  });

  it("that was given back and charged again meanwhile is not given back for the first charge", async () => {
    const tenant = await newTenant(database.documents);
    const client = connected();
    const { call, served } = meteredFunction(resource, client);
    await call({ tenant, key: "warm" });
    // The refund is made and all three answers are lost, so it is owed as well.
    script(client, [undefined, "lost", "lost", "lost"]);
    await call({ tenant, key: "a", status: 502 });
    expect((await call({ tenant, key: "a" })).statusCode).toBe(200);
    await pay();
    expect(await usedBy(tenant, resource)).toMatchObject({ used: 2, d24: 2 });
    expect(served).toEqual(["warm", "a"]);
  });
});

describe("a refund without a key", () => {
  const charged = async (tenant: string, amount: number) => {
    await charger(usage())(chargeOf(tenant, "api_calls", { amount }));
  };

  it("whose answer is lost, and whose repeat meets another transaction, gives back once", async () => {
    for (let turn = 0; turn < 12; turn++) {
      const tenant = await newTenant(database.documents);
      await charged(tenant, 5);
      const client = connected();
      script(client, ["lost", "conflict"]);
      await usageStore(client, "usage").payRefund(refundOf(tenant, "api_calls"));
      expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 4, remaining: 996, d24: 4 });
    }
  });

  it("that is made, not heard of, and owed as well gives back once", async () => {
    const tenant = await newTenant(database.documents);
    const client = connected();
    const { call } = meteredFunction("api_calls", client, false);
    await call({ tenant });
    script(client, [undefined, "lost", "lost", "lost"]);
    await call({ tenant, status: 500 });
    await pay();
    expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 1, d24: 1 });
  });

  it("is of its own for each try of an event that Lambda repeats", async () => {
    const tenant = await newTenant(database.documents);
    const { call } = meteredFunction("api_calls", connected(), false);
    await call({ tenant, status: 500 }, "same");
    await call({ tenant, status: 500 }, "same");
    expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 0, d24: 0 });
  });
});

describe("a run that pays refunds", () => {
  it("pays each once, however many run at the same time and wherever one is stopped", async () => {
    const tenant = await newTenant(database.documents);
    await charger(usage())(chargeOf(tenant, "api_calls", { amount: 50 }));
    for (let index = 0; index < 20; index++)
      await usage().oweRefund(refundOf(tenant, "api_calls", { id: `refund-${index}` }));
    // Stopped after it has paid, and before it has taken anything off.
    const stopped = { ...usage(), forgiveRefund: () => Promise.reject(new Error("killed")) };
    await expect(pay(stopped)).rejects.toThrow("killed");
    await Promise.allSettled([pay(), pay(), pay()]);
    await pay();
    expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 30, remaining: 970, d24: 30 });
    expect(await usage().listOwedRefunds(undefined)).toMatchObject({ refunds: [] });
  });

  it("lets none that fails keep the others waiting, and tries it again", async () => {
    const tenant = await newTenant(database.documents);
    await charger(usage())(chargeOf(tenant, "api_calls", { amount: 9 }));
    for (const id of ["a", "b", "c"])
      await usage().oweRefund(refundOf(tenant, "api_calls", { id }));
    const store = usage();
    const failing = {
      ...store,
      payRefund: (refund: Refund) =>
        refund.id === "a" ? Promise.reject(new Error("down")) : store.payRefund(refund),
    };
    await expect(pay(failing)).rejects.toThrow("down");
    expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 7 });
    expect(await pay()).toEqual({ paid: 1 });
    expect(await usedBy(tenant, "api_calls")).toMatchObject({ used: 6 });
  });

  it("takes off what was never charged, or by another request", async () => {
    const tenant = await newTenant(database.documents);
    await charger(usage())(chargeOf(tenant, "ml_requests", { idempotencyKey: "k" }));
    for (const [idempotencyKey, requestId] of [
      ["k", "req_other"],
      ["never", "req_test"],
    ] as const)
      await usage().oweRefund(refundOf(tenant, "ml_requests", { idempotencyKey, requestId }));
    expect(await pay()).toEqual({ paid: 0 });
    expect(await usedBy(tenant, "ml_requests")).toMatchObject({ used: 1 });
    expect(await usage().listOwedRefunds(undefined)).toMatchObject({ refunds: [] });
  });

  it("pays more than a page of them, into the month and day of each charge", async () => {
    const tenant = await newTenant(database.documents);
    const october = Date.UTC(2026, 9, 31, 12);
    await charger(usage())(chargeOf(tenant, "api_calls", { amount: 120, nowMs: october }));
    for (let index = 0; index < 120; index++)
      await usage().oweRefund(
        refundOf(tenant, "api_calls", { id: `refund-${index}`, chargedAtMs: october }),
      );
    expect(await pay()).toEqual({ paid: 120 });
    expect(await usage().readCounter(tenant, "api_calls", periodAt(october))).toMatchObject({
      used: 0,
      d31: 0,
    });
  });
});
