import middy from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { operation } from "../../../lib/http/operation.ts";
import type { Caller } from "../../../lib/http/request.ts";
import type { Route } from "../../../lib/http/route.ts";
import { Problem } from "../../../lib/problem.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { usageMeter } from "../../../lib/usage/meter.ts";
import { meter } from "../../../lib/usage/meter-middleware.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { refunder } from "../../../lib/usage/refund.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { Resource } from "../../../lib/usage/tiers.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { ResponseLost } from "./faults.ts";
import { newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let usage: UsageStore;
beforeAll(async () => {
  database = await startDatabase();
  usage = usageStore(database.documents, "usage");
});
afterAll(() => database.stop());

const now = () => noonMs;

/** The next writes are carried out and their answers lost; the SDK repeats each, three times in all. */
const loseNextResponses = (count: number) => disturb(count, (write) => write());

/** The next writes do not reach the table. */
const failNextWrites = (count: number) => disturb(count, async () => undefined);

/** Lets the next writes end as if no answer had come; answers how many have, and stops. */
function disturb(count: number, carryOut: (write: () => Promise<unknown>) => Promise<unknown>) {
  let disturbed = 0;
  database.documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (disturbed === count || !/Write|Update/.test(commandName ?? "")) return next(args);
        disturbed += 1;
        await carryOut(() => next(args));
        throw new ResponseLost();
      },
    { step: "finalizeRequest", priority: "low", name: "disturb" },
  );
  return (): number => {
    database.documents.middlewareStack.remove("disturb");
    return disturbed;
  };
}

const context = { awsRequestId: "req", getRemainingTimeInMillis: () => 10_000 } as Context;
const usedBy = async (tenant: string, resource: Resource = "api_calls") =>
  (await usage.readCounter(tenant, resource, periodAt(noonMs)))?.used ?? 0;

const route = (refuses: boolean) =>
  ({
    operationId: "tryIt",
    domain: "usage",
    summary: "For the test",
    method: "POST",
    path: "/v1/try",
    access: "member",
    body: z.strictObject({ wanted: z.enum(["ok", "refused", "broken"]) }),
    meters: { resource: "api_calls", refuses },
    success: { status: 200, schema: z.object({ done: z.boolean() }) },
    problems: [],
    uses: [],
    latencyBudgetMs: 100,
  }) as const satisfies Route;

const metered = (manufacturerId: string, refuses = true, store = usage) =>
  operation(
    route(refuses),
    async ({ body }) => {
      if (body.wanted === "refused") throw new Problem("not-found");
      if (body.wanted === "broken") throw new Error("broken");
      return { done: true };
    },
    {
      observe: () => undefined,
      authenticate: async () => ({ manufacturerId, memberId: "mem_1" }) as Caller,
      recordRefusal: async () => undefined,
      meter: usageMeter(charger(store), refunder(store), now),
    },
  );

const event = (body: unknown) =>
  ({
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", authorization: "Bearer x" },
    requestContext: { requestId: "req", http: { sourceIp: "127.0.0.1", userAgent: "test" } },
  }) as unknown as APIGatewayProxyEventV2;

describe("a row that meters", () => {
  it("charges a valid request once and tells what is left", async () => {
    const tenant = await newTenant(database.documents);
    const answer = await metered(tenant)(event({ wanted: "ok" }), context);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers?.["ratelimit"]).toMatch(/^"api_calls";r=999;/);
    expect(await usedBy(tenant)).toBe(1);
  });

  it("does not charge a request that fails validation", async () => {
    const tenant = await newTenant(database.documents);
    const answer = await metered(tenant)(event({ wanted: "nonsense" }), context);
    expect(answer.statusCode).toBe(400);
    expect(await usedBy(tenant)).toBe(0);
  });

  it("charges for a 4xx, and refunds when the platform fails", async () => {
    const tenant = await newTenant(database.documents);
    const handler = metered(tenant);
    expect((await handler(event({ wanted: "refused" }), context)).statusCode).toBe(404);
    expect(await usedBy(tenant)).toBe(1);
    const failed = await handler(event({ wanted: "broken" }), context);
    expect(failed.statusCode).toBe(500);
    expect(failed.headers?.["ratelimit"]).toBeDefined();
    expect(await usedBy(tenant)).toBe(1);
  });

  it("refuses before the rule runs when the quota is used up", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 1 });
    const handler = metered(tenant);
    await handler(event({ wanted: "ok" }), context);
    const refused = await handler(event({ wanted: "ok" }), context);
    expect(refused.statusCode).toBe(429);
    expect(JSON.parse(refused.body ?? "")).toMatchObject({ code: "quota-exceeded", used: 1 });
    expect(refused.headers?.["retry-after"]).toBeDefined();
  });

  it("lets everything pass where refusing is out of the question, even without a database", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 1 });
    const handler = metered(tenant, false);
    for (let turn = 0; turn < 3; turn++) {
      expect((await handler(event({ wanted: "ok" }), context)).statusCode).toBe(200);
    }
    expect(await usedBy(tenant)).toBe(1);
    const broken = { ...usage, charge: () => Promise.reject(new Error("down")) } as UsageStore;
    const answer = await metered(tenant, false, broken)(event({ wanted: "ok" }), context);
    expect(answer.statusCode).toBe(200);
    const closed = await metered(tenant, true, broken)(event({ wanted: "ok" }), context);
    expect(closed.statusCode).toBe(500);
  });
});

describe("the middleware for a function of one's own", () => {
  interface Job {
    tenant: string;
    key: string;
    status?: number;
    fails?: boolean;
    requestContext?: object;
  }
  const build = (resource: Resource = "ml_requests") => {
    const served: string[] = [];
    const handler = middy<Job, { statusCode: number; headers?: Record<string, string> }>()
      .use(
        meter<Job>(resource, {
          usage,
          manufacturerId: ({ tenant }) => tenant,
          idempotencyKey: ({ key }) => key,
          now,
        }),
      )
      .handler(async ({ key, status = 200, fails = false }) => {
        served.push(key);
        if (fails) throw new Error("broken");
        return { statusCode: status };
      }) as unknown as (
      job: Job,
      context: Context,
    ) => Promise<{ statusCode: number; body?: string; headers?: Record<string, string> }>;
    let serial = 0;
    // Each call is an invocation of its own unless said.
    const call = (job: Job, awsRequestId = `req-${++serial}`) =>
      handler(job, { ...context, awsRequestId });
    return { call, served };
  };

  describe.each(["ml_requests", "api_calls"] as const)("and a key of %s", (resource) => {
    it("serves it once: a repeat is answered 409 and the handler does not run", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      const http = { tenant, key: "a", requestContext: {} };
      expect((await call(http)).statusCode).toBe(200);
      for (let turn = 0; turn < 3; turn++) {
        const repeat = await call(http);
        expect(repeat.statusCode).toBe(409);
        expect(JSON.parse(repeat.body ?? "")).toMatchObject({ code: "already-charged" });
        expect(repeat.headers?.["ratelimit"]).toContain(`"${resource}";r=`);
      }
      await expect(call({ tenant, key: "a" })).rejects.toMatchObject({ code: "already-charged" });
      expect(served).toEqual(["a"]);
      expect(await usedBy(tenant, resource)).toBe(1);
    });

    it("serves it once however many send it at the same time", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => call({ tenant, key: "a", requestContext: {} })),
      );
      expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
      expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(19);
      expect(served).toEqual(["a"]);
    });

    it("serves it although the answer to its charge was lost on the way", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      await call({ tenant, key: "first" });
      const stop = loseNextResponses(1);
      expect((await call({ tenant, key: "a", requestContext: {} })).statusCode).toBe(200);
      expect(stop()).toBe(1);
      expect(served).toEqual(["first", "a"]);
      expect(await usedBy(tenant, resource)).toBe(2);
    });

    it("is good again where nobody heard whether it was charged", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      await call({ tenant, key: "first" });
      const stop = loseNextResponses(3);
      const lost = await call({ tenant, key: "a", requestContext: {} });
      expect([lost.statusCode, stop()]).toEqual([503, 3]);
      expect(await usedBy(tenant, resource)).toBe(1);
      expect((await call({ tenant, key: "a", requestContext: {} })).statusCode).toBe(200);
      expect(served).toEqual(["first", "a"]);
      expect(await usedBy(tenant, resource)).toBe(2);
    });

    it("that was charged before is not given back where a repeat fails to ask", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      await call({ tenant, key: "a" });
      const stop = failNextWrites(3);
      expect((await call({ tenant, key: "a", requestContext: {} })).statusCode).toBe(503);
      expect(stop()).toBe(3);
      expect((await call({ tenant, key: "a", requestContext: {} })).statusCode).toBe(409);
      expect(served).toEqual(["a"]);
      expect(await usedBy(tenant, resource)).toBe(1);
    });

    it("goes on with an invocation that Lambda repeats after a crash, for the one charge", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      await call({ tenant, key: "a" }, "same");
      await call({ tenant, key: "a" }, "same");
      expect(served).toEqual(["a", "a"]);
      expect(await usedBy(tenant, resource)).toBe(1);
    });

    it("refuses it where it was charged by an increment before", async () => {
      const tenant = await newTenant(database.documents);
      const { call, served } = build(resource);
      await charger(usage)({
        manufacturerId: tenant,
        resource,
        amount: 1,
        nowMs: noonMs,
        idempotencyKey: "a",
        memberId: "mem_1",
        requestId: "increment",
      });
      expect((await call({ tenant, key: "a", requestContext: {} })).statusCode).toBe(409);
      expect(served).toEqual([]);
    });
  });

  it("refunds an error and a 5xx once, after which the key is good again", async () => {
    const tenant = await newTenant(database.documents);
    const { call } = build();
    await expect(call({ tenant, key: "a", fails: true })).rejects.toThrow("broken");
    expect(await usedBy(tenant, "ml_requests")).toBe(0);
    await call({ tenant, key: "b", status: 502 });
    expect(await usedBy(tenant, "ml_requests")).toBe(0);
    await call({ tenant, key: "a" });
    expect(await usedBy(tenant, "ml_requests")).toBe(1);
  });

  it("does not refund a charge that a repeat finds", async () => {
    const tenant = await newTenant(database.documents);
    const { call } = build();
    await call({ tenant, key: "a" });
    await expect(call({ tenant, key: "a", fails: true })).rejects.toMatchObject({
      code: "already-charged",
    });
    expect(await usedBy(tenant, "ml_requests")).toBe(1);
  });

  it("answers 429 over HTTP, and throws otherwise", async () => {
    const tenant = await newTenant(database.documents, "free", { ml_requests: 0 });
    const { call } = build();
    const answer = await call({ tenant, key: "a", requestContext: {} });
    expect(answer.statusCode).toBe(429);
    await expect(call({ tenant, key: "a" })).rejects.toMatchObject({
      code: "quota-exceeded",
    });
  });

  it.each([
    ["256 characters", "k".repeat(256)],
    ["none", ""],
    ["a blank", "a b"],
    ["others than ASCII", "schlüssel"],
  ])("refuses a key with %s, and charges nothing", async (_, key) => {
    const tenant = await newTenant(database.documents);
    const { call, served } = build();
    const answer = await call({ tenant, key, requestContext: {} });
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body ?? "")).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/headers/idempotency-key", code: "invalid-format" }],
    });
    expect(served).toEqual([]);
    expect(await usedBy(tenant, "ml_requests")).toBe(0);
  });

  it("refuses a charge of ml_requests without a key", async () => {
    const tenant = await newTenant(database.documents);
    const charge = usageMeter(charger(usage), refunder(usage), now);
    await expect(
      charge(
        { resource: "ml_requests", refuses: true },
        { manufacturerId: tenant, memberId: "mem_1", requestId: "req" },
      ),
    ).rejects.toMatchObject({ code: "idempotency-key-required" });
    expect(await usedBy(tenant, "ml_requests")).toBe(0);
  });
});
