import { beforeAll, describe, expect, test } from "vitest";
import { verifyEmailRoute } from "../../../lib/accounts/api.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { password, signIn, signUp } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

const stack = useStack();
const calls = 30;
let operator: Operator;
let owner: SignedInMember;

beforeAll(async () => {
  operator = await createOperator(stack);
  owner = await signUp(stack);
  for (let call = 0; call < calls; call++) await stack.http.get("/v1/openapi.json");
  // The owner's own verification is the first of them.
  for (let call = 1; call < calls; call++) await verify();
  // Before anybody looks: what is shown of a window is kept for a while.
  await get("thresholds");
  await stack.settled();
});

const verify = () =>
  stack.http.post("/v1/auth/email/verify", { body: { token: "A".repeat(43), password } });

const get = async (path: string) =>
  stack.http.get(`/v1/performance/${path}`, { token: await operator.token() });

const post = async (path: string, body: unknown) =>
  stack.http.post(`/v1/performance/${path}`, { token: await operator.token(), body });

const of = (body: { items: { operation: string }[] }, operation: string) =>
  body.items.find((item) => item.operation === operation);

describe("GET /v1/performance/metrics", () => {
  test.each(["1h", "6h", "24h", "7d"])(
    "200: every call of the last %s, against its budget",
    async (window) => {
      const { status, body } = await get(`metrics?window=${window}`);
      expect(status).toBe(200);
      expect(of(body, "verifyEmail")).toMatchObject({
        kind: "invocation",
        budgetMs: verifyEmailRoute.latencyBudgetMs,
        calls,
        errors: 0,
        hasEnoughCalls: false,
        coldStartPercent: 3.333,
        resources: { memoryLimitMb: 1024 },
      });
    },
  );

  test("200: inner operations with budgets of their own", async () => {
    const { body } = await get("metrics?window=6h");
    expect(of(body, "tokenValidation")).toMatchObject({ kind: "inner", budgetMs: 50 });
    expect(of(body, "permissionCheck")).toMatchObject({ kind: "inner", budgetMs: 5 });
    expect(of(body, "tokenGeneration")).toMatchObject({ kind: "inner", budgetMs: 100 });
  });

  test("200: p50 <= p95 <= p99, the p99 inside its interval", async () => {
    const { body } = await get("metrics");
    for (const { p50Ms, p95Ms, p99Ms } of body.items) {
      expect(p50Ms).toBeLessThanOrEqual(p95Ms);
      expect(p95Ms).toBeLessThanOrEqual(p99Ms.value);
      expect(p99Ms.low).toBeLessThanOrEqual(p99Ms.value);
    }
  });

  test("400: another window", async () => {
    const { status, body } = await get("metrics?window=2h");
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: "/query/window", code: "not-allowed" }]);
  });
});

describe("GET /v1/performance/history", () => {
  test("200: as JSON by hour and version", async () => {
    const { status, body } = await get("history?operation=verifyEmail");
    expect(status).toBe(200);
    expect(body.items.reduce((sum: number, item: { calls: number }) => sum + item.calls, 0)).toBe(
      calls,
    );
  });

  test("200: as CSV with the same numbers", async () => {
    const json = await get("history?operation=verifyEmail");
    const { status, headers, body } = await get("history?operation=verifyEmail&format=csv");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/csv/);
    const [header, ...rows] = body.trimEnd().split("\r\n");
    expect(header).toBe(
      "at,version,calls,errors,coldStarts,withinBudgetPercent,p50Ms,p95Ms,p99Ms,p99LowMs,p99HighMs",
    );
    expect(rows).toHaveLength(json.body.items.length);
    const [first] = json.body.items;
    expect(rows[0].startsWith(`${first.at},"${first.version}",${first.calls},0,`)).toBe(true);
  });

  test("404: an operation that was never measured", async () => {
    expect((await get("history?operation=nothing")).status).toBe(404);
  });

  test("400: a span that is negative or longer than 31 days", async () => {
    const spans = [
      "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
      "from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z",
    ];
    for (const span of spans) {
      const { status, body } = await get(`history?operation=verifyEmail&${span}`);
      expect(status).toBe(400);
      expect(body.errors[0].pointer).toBe("/query/from");
    }
  });
});

describe("GET /v1/performance/recommendations", () => {
  test("200: advice with evidence and an interval for its gain", async () => {
    const { status, body } = await get("recommendations");
    expect(status).toBe(200);
    for (const { evidence, expectedGain } of body.items) {
      expect(Object.keys(evidence).length).toBeGreaterThan(0);
      expect(expectedGain.low).toBeLessThanOrEqual(expectedGain.high);
    }
  });
});

describe("POST /v1/performance/optimize", () => {
  test("200: a lifetime is applied within bounds, audited, and taken back", async () => {
    await post("optimize", {});
    for (let call = 0; call < 60; call++) await get("metrics?window=1h");
    await stack.settled();
    const { status, body } = await post("optimize", {});
    expect(status).toBe(200);
    expect(body.applied).toMatchObject([
      {
        cache: "performance-overview",
        fromSeconds: 10,
        evidence: { callsLastDay: expect.any(Number) },
        expectedGain: { measure: expect.any(String) },
      },
    ]);
    const [{ toSeconds }] = body.applied;
    expect(toSeconds).toBeGreaterThan(10);
    expect(toSeconds).toBeLessThanOrEqual(300);

    const reverted = await post("optimize", { revert: true });
    expect(reverted.body.applied).toMatchObject([{ fromSeconds: toSeconds, toSeconds: 10 }]);

    const audit = await stack.http.get("/v1/audit", { token: await operator.token() });
    const changes = audit.body.items.filter(
      ({ action }: { action: string }) => action === "performance.cache-lifetime.changed",
    );
    expect(changes.map(({ details }: { details: object }) => details)).toMatchObject([
      { fromSeconds: toSeconds, toSeconds: 10, reason: "revert" },
      { fromSeconds: 10, toSeconds },
    ]);
  });

  test("400: a body with anything else", async () => {
    expect((await post("optimize", { memory: 1 })).status).toBe(400);
  });
});

test("401 without a token, 403 for a manufacturer's owner, on every operation", async () => {
  const { accessToken: token } = await signIn(stack, owner);
  const requests = [
    (options: object) => stack.http.get("/v1/performance/metrics", options),
    (options: object) => stack.http.get("/v1/performance/thresholds", options),
    (options: object) => stack.http.get("/v1/performance/history?operation=verifyEmail", options),
    (options: object) => stack.http.get("/v1/performance/recommendations", options),
    (options: object) => stack.http.post("/v1/performance/optimize", { body: {}, ...options }),
  ];
  for (const send of requests) {
    expect((await send({})).body.code).toBe("missing-token");
    expect((await send({ token })).body.code).toBe("forbidden");
  }
});
