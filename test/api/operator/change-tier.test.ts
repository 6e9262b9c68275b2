import { beforeAll, describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import type { Operator } from "../usage/tenants.ts";
import { newOperator, newTenant } from "../usage/tenants.ts";

const stack = useStack({ environments: 2 });
let operator: Operator;
beforeAll(async () => {
  operator = await newOperator(stack);
});

const changeTier = (manufacturerId: string, body: unknown, token = operator.token) =>
  stack.http.put(`/v1/operator/manufacturers/${manufacturerId}/tier`, { token, body });

describe("200", () => {
  it("holds for the very next charge, with what was used kept", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    const spend = (amount: number) =>
      stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount } });
    expect((await spend(1000)).status).toBe(200);
    expect((await spend(1)).status).toBe(429);
    const changed = await changeTier(manufacturerId, { tier: "professional" });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ manufacturerId, tier: "professional", version: 2 });
    expect((await spend(1)).body).toMatchObject({
      used: 1001,
      limit: 10_000,
      tier: "professional",
    });
    await changeTier(manufacturerId, { tier: "free" });
    expect((await spend(1)).body).toMatchObject({ code: "quota-exceeded", used: 1001 });
  });

  it("to enterprise leaves uploads without a limit, still counted", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await changeTier(manufacturerId, { tier: "enterprise" });
    const { body, headers } = await stack.http.post("/v1/usage/product_uploads/increments", {
      token,
      body: { amount: 250 },
      headers: { "idempotency-key": "bulk" },
    });
    expect(body).toMatchObject({ limit: -1, remaining: -1, used: 250, allowed: true });
    expect(headers.get("ratelimit")).toBeNull();
  });

  it("to the same tier changes nothing", async () => {
    const { manufacturerId } = await newTenant(stack);
    expect((await changeTier(manufacturerId, { tier: "free" })).body).toMatchObject({ version: 1 });
  });

  it("is written down in the manufacturer's own audit trail", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await changeTier(manufacturerId, { tier: "professional" });
    const { body } = await stack.http.get("/v1/audit", { token });
    expect(body.items).toContainEqual(
      expect.objectContaining({
        action: "usage.tier.changed",
        details: { tier: "professional" },
      }),
    );
  });
});

describe("400", () => {
  it("refuses a tier that is none", async () => {
    const { manufacturerId } = await newTenant(stack);
    const { status, body } = await changeTier(manufacturerId, { tier: "gold" });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: "/body/tier", code: "not-allowed" }]);
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    const { status } = await stack.http.put(
      "/v1/operator/manufacturers/mfr_0000000000000000000000/tier",
      { body: { tier: "free" } },
    );
    expect(status).toBe(401);
  });
});

describe("403", () => {
  it("is not for a manufacturer's owner, not even on its own plan", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    const { status, body } = await changeTier(manufacturerId, { tier: "enterprise" }, token);
    expect(status).toBe(403);
    expect(body.code).toBe("forbidden");
  });
});

describe("404", () => {
  it("is the answer for a manufacturer that is not there", async () => {
    const { status } = await changeTier("mfr_0000000000000000000000", { tier: "free" });
    expect(status).toBe(404);
  });
});
