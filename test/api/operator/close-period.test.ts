import { beforeAll, describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import type { Operator, Tenant } from "../usage/tenants.ts";
import { newOperator, newTenant, operatorAgain, signInAgain } from "../usage/tenants.ts";

const stack = useStack();
let operator: Operator;
let tenants: Tenant[];
let period: string;

beforeAll(async () => {
  operator = await newOperator(stack);
  tenants = [await newTenant(stack), await newTenant(stack), await newTenant(stack)];
  period = new Date(stack.now()).toISOString().slice(0, 7);
  for (const { token } of tenants.slice(0, 2)) {
    await stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount: 7 } });
  }
});

const close = async (body: unknown, token?: string) =>
  stack.http.post("/v1/operator/usage/close", {
    token: token ?? (await operatorAgain(stack, operator)),
    body,
  });

/** Puts the clock half a day into the next month, unless it is there. */
function endMonth(): void {
  const [year = 0, month = 0] = period.split("-").map(Number);
  const target = Date.UTC(year, month, 1, 12);
  if (stack.now() < target) stack.advanceClock(Math.ceil((target - stack.now()) / 1000));
}

describe("200", () => {
  it("closes whoever used something, once, with an event each; the next month begins at zero", async () => {
    endMonth();
    const first = await close({ period });
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      period,
      closed: 2,
      alreadyClosed: 0,
      suggested: 0,
      complete: true,
    });
    expect((await close({ period })).body).toEqual({
      period,
      closed: 0,
      alreadyClosed: 2,
      suggested: 0,
      complete: true,
    });
    // The schedule does the same, and finds nothing left to do.
    expect(await stack.invoke("resetMonthlyQuotas", {})).toMatchObject({ period, closed: 0 });
    await stack.settled();
    const closed = stack.events().filter((event) => event["detail-type"] === "usage.period.closed");
    expect(closed).toHaveLength(2);

    const [tenant] = tenants as [Tenant];
    const token = await signInAgain(stack, tenant);
    const report = await stack.http.get(`/v1/usage/report?period=${period}`, { token });
    expect(report.body).toMatchObject({ period, isClosed: true });
    expect(report.body.resources).toContainEqual(
      expect.objectContaining({ resource: "api_calls", used: 7 }),
    );
    const check = await stack.http.get("/v1/usage/api_calls", { token });
    expect(check.body).toMatchObject({ used: 0, remaining: 1000 });
  });
});

describe("400", () => {
  it("refuses what is no month", async () => {
    expect((await close({ period: "2026-13" })).body.code).toBe("invalid-request");
  });
});

describe("403", () => {
  it("is not for a manufacturer's owner", async () => {
    const token = await signInAgain(stack, tenants[0] as Tenant);
    expect((await close({ period }, token)).status).toBe(403);
  });
});

describe("409", () => {
  it("refuses a month whose last charges may still be on their way, and says until when", async () => {
    const [year = 0, month = 0] = new Date(stack.now()).toISOString().split("-").map(Number);
    const endMs = Date.UTC(year, month, 1);
    stack.advanceClock(Math.ceil((endMs + 60_000 - stack.now()) / 1000));
    const { status, body } = await close({ period: new Date(endMs - 1).toISOString().slice(0, 7) });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "period-open",
      detail: expect.stringContaining(new Date(endMs + 5 * 60_000).toISOString().slice(0, 16)),
    });
  });

  it("refuses a month that has not ended", async () => {
    const next = new Date(stack.now() + 40 * 86_400_000).toISOString().slice(0, 7);
    const { status, body } = await close({ period: next });
    expect(status).toBe(409);
    expect(body.code).toBe("period-open");
  });
});
