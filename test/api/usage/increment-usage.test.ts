import { beforeAll, describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import type { Operator } from "./tenants.ts";
import { newOperator, newTenant } from "./tenants.ts";

const stack = useStack({ environments: 2 });
let operator: Operator;
beforeAll(async () => {
  operator = await newOperator(stack);
});

const increment = (
  resource: string,
  token: string,
  { key, ...body }: { amount?: unknown; key?: string; extra?: unknown } = {},
) =>
  stack.http.post(`/v1/usage/${resource}/increments`, {
    token,
    body,
    headers: key === undefined ? {} : { "idempotency-key": key },
  });

const limitTo = (manufacturerId: string, resource: string, limit: number) =>
  stack.http.put(`/v1/operator/manufacturers/${manufacturerId}/limits`, {
    token: operator.token,
    body: { resource, limit, reason: "test" },
  });

describe("200", () => {
  it("charges one unit unless said, and answers the standing and the rate-limit fields", async () => {
    const { token } = await newTenant(stack);
    const { status, body, headers } = await increment("api_calls", token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      resource: "api_calls",
      tier: "free",
      limit: 1000,
      used: 1,
      remaining: 999,
      allowed: true,
      replayed: false,
      dedupeWindowSeconds: 0,
      overage: { used: 0, max: 0 },
    });
    expect(headers.get("ratelimit-policy")).toMatch(/^"api_calls";q=1000;w=2\d{6}$/);
    expect(headers.get("ratelimit")).toMatch(/^"api_calls";r=999;t=\d+$/);
  });

  it.each(["product_uploads", "ml_requests", "api_calls"])(
    "answers a repeated key of %s without charging again",
    async (resource) => {
      const { token } = await newTenant(stack);
      const first = await increment(resource, token, { amount: 5, key: "order-1" });
      const repeat = await increment(resource, token, { amount: 5, key: "order-1" });
      expect(first.body).toMatchObject({ used: 5, replayed: false });
      // To the end of the month, and a day of the next.
      expect(first.body.dedupeWindowSeconds).toBeGreaterThan(86_400);
      expect(repeat.status).toBe(200);
      expect(repeat.body).toMatchObject({ used: 5, replayed: true });
    },
  );

  it("keeps one manufacturer's keys and counters apart from another's", async () => {
    const [one, other] = [await newTenant(stack), await newTenant(stack)];
    await increment("ml_requests", one.token, { amount: 7, key: "same" });
    const { body } = await increment("ml_requests", other.token, { amount: 2, key: "same" });
    expect(body).toMatchObject({ used: 2, replayed: false });
  });
});

describe("400", () => {
  it.each([
    ["no amount at all", { amount: 0 }, "/body/amount"],
    ["a negative amount", { amount: -1 }, "/body/amount"],
    ["a fraction", { amount: 1.5 }, "/body/amount"],
    ["an amount as text", { amount: "1" }, "/body/amount"],
    ["an unknown field", { extra: 1 }, "/body/extra"],
    ["a key with a blank", { key: "a b" }, "/headers/idempotency-key"],
    ["a key of 256 characters", { key: "k".repeat(256) }, "/headers/idempotency-key"],
  ])("refuses %s", async (_, options, pointer) => {
    const { token } = await newTenant(stack);
    const { status, body } = await increment("api_calls", token, options);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid-request", errors: [{ pointer }] });
  });

  it("refuses a resource that nobody counts", async () => {
    const { token } = await newTenant(stack);
    const { body } = await increment("coffee", token);
    expect(body).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/params/resource" }],
    });
  });

  it.each(["product_uploads", "ml_requests"])("asks for a key of %s", async (resource) => {
    const { token } = await newTenant(stack);
    const { status, body } = await increment(resource, token);
    expect(status).toBe(400);
    expect(body.code).toBe("idempotency-key-required");
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    const { status, body } = await stack.http.post("/v1/usage/api_calls/increments", { body: {} });
    expect(status).toBe(401);
    expect(body.code).toBe("missing-token");
  });
});

describe("403", () => {
  it("is not for operators, who have nothing to charge", async () => {
    const { status, body } = await increment("api_calls", operator.token);
    expect(status).toBe(403);
    expect(body.code).toBe("forbidden");
  });
});

describe("422", () => {
  it.each(["product_uploads", "ml_requests", "api_calls"])(
    "refuses a key of %s that was charged with another amount",
    async (resource) => {
      const { token } = await newTenant(stack);
      await increment(resource, token, { amount: 1, key: "k" });
      const { status, body } = await increment(resource, token, { amount: 9, key: "k" });
      expect(status).toBe(422);
      expect(body.code).toBe("idempotency-key-reused");
      const check = await stack.http.get(`/v1/usage/${resource}`, { token });
      expect(check.body.used).toBe(1);
    },
  );
});

describe("429", () => {
  it("says what bound, when to come back, and charges nothing", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await limitTo(manufacturerId, "ml_requests", 2);
    await increment("ml_requests", token, { amount: 2, key: "a" });
    const askedMs = stack.now();
    const { status, body, headers } = await increment("ml_requests", token, { key: "b" });
    const answeredMs = stack.now();
    expect(status).toBe(429);
    expect(body).toMatchObject({
      code: "quota-exceeded",
      resource: "ml_requests",
      limit: 2,
      used: 2,
      remaining: 0,
      allowed: false,
      "violated-policies": ["ml_requests"],
    });
    const secondsLeftAt = (timeMs: number) =>
      Math.ceil((Date.parse(body.resetsAt) - timeMs) / 1000);
    const retryAfter = Number(headers.get("retry-after"));
    expect(retryAfter).toBeLessThanOrEqual(secondsLeftAt(askedMs));
    expect(retryAfter).toBeGreaterThanOrEqual(secondsLeftAt(answeredMs));
    expect(headers.get("ratelimit")).toMatch(/^"ml_requests";r=0;t=\d+$/);
    const check = await stack.http.get("/v1/usage/ml_requests", { token });
    expect(check.body.used).toBe(2);
  });

  it("is forgotten the moment an operator raises the limit", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await limitTo(manufacturerId, "api_calls", 1);
    await increment("api_calls", token);
    for (let turn = 0; turn < 4; turn++) {
      expect((await increment("api_calls", token)).status).toBe(429);
    }
    await limitTo(manufacturerId, "api_calls", 2);
    expect((await increment("api_calls", token)).body).toMatchObject({ used: 2, limit: 2 });
  });

  it("comes after exactly the limit, whoever calls at the same time", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await limitTo(manufacturerId, "api_calls", 40);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => increment("api_calls", token)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
  });
});

describe("503", () => {
  it("is answered uncharged when transactions keep conflicting", async () => {
    const { token } = await newTenant(stack);
    await increment("ml_requests", token, { key: "first" });
    stack.faults({ service: "dynamodb", mode: "conflict", rate: 1 });
    const { status, body, headers } = await increment("ml_requests", token, { key: "second" });
    stack.faults({ service: "dynamodb", mode: "none" });
    expect(status).toBe(503);
    expect(["contention", "unavailable", "timeout"]).toContain(body.code);
    expect(headers.get("retry-after")).toBeTruthy();
    const { body: repeat } = await increment("ml_requests", token, { key: "second" });
    expect(repeat).toMatchObject({ used: 2, replayed: false });
  });

  it("says that nobody knows where the answer to a charge without a key is lost, and charges it once at most", async () => {
    const { token } = await newTenant(stack);
    await increment("api_calls", token);
    stack.faults({ service: "dynamodb", mode: "lose-response", operation: "UpdateItem" });
    stack.faults({ service: "dynamodb", mode: "error", operation: "GetItem" });
    const { status, body } = await increment("api_calls", token);
    stack.faults({ service: "dynamodb", mode: "none" });
    expect([status, body.code]).toEqual([503, "outcome-unknown"]);
    const check = await stack.http.get("/v1/usage/api_calls", { token });
    expect(check.body.used).toBe(2);
  });

  it("is not answered where the counter itself tells that the charge was made", async () => {
    const { token } = await newTenant(stack);
    await increment("api_calls", token);
    stack.faults({ service: "dynamodb", mode: "lose-response", operation: "UpdateItem" });
    const { status, body } = await increment("api_calls", token);
    stack.faults({ service: "dynamodb", mode: "none" });
    expect([status, body.used]).toEqual([200, 2]);
  });
});
