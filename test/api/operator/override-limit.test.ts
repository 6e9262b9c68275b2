import { beforeAll, describe, expect, it } from "vitest";
import { toRfc3339 } from "../../../lib/clock.ts";
import { useStack } from "../../support/stack.ts";
import type { Operator } from "../usage/tenants.ts";
import { newOperator, newTenant, operatorAgain, signInAgain } from "../usage/tenants.ts";

const stack = useStack();
let operator: Operator;
beforeAll(async () => {
  operator = await newOperator(stack);
});

const override = async (manufacturerId: string, body: Record<string, unknown>, token?: string) =>
  stack.http.put(`/v1/operator/manufacturers/${manufacturerId}/limits`, {
    token: token ?? (await operatorAgain(stack, operator)),
    body: { resource: "api_calls", reason: "trial", ...body },
  });

describe("200", () => {
  it("replaces the tier's limit at once, and null takes the tier's again", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    const { body } = await override(manufacturerId, { limit: 5 });
    expect(body).toMatchObject({ manufacturerId, resource: "api_calls", limit: 5, overageMax: 0 });
    const check = () => stack.http.get("/v1/usage/api_calls", { token });
    expect((await check()).body).toMatchObject({ limit: 5 });
    await override(manufacturerId, { limit: null });
    expect((await check()).body).toMatchObject({ limit: 1000 });
  });

  it("with an overage makes the limit soft, and tracks what goes beyond it", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    await override(manufacturerId, { limit: 2, overageMax: 1 });
    const spend = () => stack.http.post("/v1/usage/api_calls/increments", { token, body: {} });
    await spend();
    await spend();
    expect((await spend()).body).toMatchObject({ used: 3, overage: { used: 1, max: 1 } });
    expect((await spend()).status).toBe(429);
  });

  it("keeps a reason that quotes an attack, and puts it on record", async () => {
    const { manufacturerId } = await newTenant(stack);
    const reason = "sent us <script>alert(1)</script> in a note";
    expect(await override(manufacturerId, { limit: 5, reason })).toMatchObject({ status: 200 });
    await stack.settled();
    const flagged = stack
      .events()
      .filter((sent) => sent["detail-type"] === "threats.attack.flagged");
    expect(flagged).toMatchObject([{ detail: { details: { operation: "overrideLimit" } } }]);
  });

  it("ends by itself when it expires", async () => {
    const tenant = await newTenant(stack);
    // Whatever the day, the limit ends within the month it was given in.
    const expiresAt = toRfc3339(stack.now() + 3_600_000);
    await override(tenant.manufacturerId, { limit: 3, expiresAt });
    await stack.http.post("/v1/usage/api_calls/increments", {
      token: tenant.token,
      body: { amount: 3 },
    });
    stack.advanceClock(3601);
    const token = await signInAgain(stack, tenant);
    const { body } = await stack.http.get("/v1/usage/api_calls", { token });
    expect(body).toMatchObject({ limit: 1000 });
    const spent = await stack.http.post("/v1/usage/api_calls/increments", { token, body: {} });
    expect(spent.status).toBe(200);
  });
});

describe("400", () => {
  it.each([
    ["an expiry in the past", { limit: 1, expiresAt: "2020-01-01T00:00:00Z" }, "/body/expiresAt"],
    ["a limit below -1", { limit: -2 }, "/body/limit"],
    ["no reason", { limit: 1, reason: "" }, "/body/reason"],
    ["no limit", {}, "/body/limit"],
  ])("refuses %s", async (_, body, pointer) => {
    const { manufacturerId } = await newTenant(stack);
    const answer = await override(manufacturerId, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });
});

describe("403", () => {
  it("is not for a manufacturer's owner", async () => {
    const { manufacturerId, token } = await newTenant(stack);
    expect((await override(manufacturerId, { limit: -1 }, token)).status).toBe(403);
  });
});

describe("404", () => {
  it("is the answer for a manufacturer that is not there", async () => {
    expect((await override("mfr_0000000000000000000000", { limit: 1 })).status).toBe(404);
  });
});
