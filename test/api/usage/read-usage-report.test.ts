import { describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import { newTenant, signInAgain } from "./tenants.ts";

const stack = useStack();

describe("200", () => {
  it("adds up: a month's days are its total, for every resource", async () => {
    const { token } = await newTenant(stack);
    await stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount: 12 } });
    const { body } = await stack.http.get("/v1/usage/report", { token });
    expect(body.isClosed).toBe(false);
    for (const { used, days } of body.resources) {
      expect(days.reduce((sum: number, day: { units: number }) => sum + day.units, 0)).toBe(used);
    }
    const today = new Date(stack.now()).toISOString().slice(0, 10);
    expect(body.resources[2].days.at(-1)).toEqual({ date: today, units: 12 });
  });

  it("comes as CSV with a header, CRLF and a file name", async () => {
    const { token } = await newTenant(stack);
    const { headers, body } = await stack.http.get("/v1/usage/report?format=csv", { token });
    expect(headers.get("content-type")).toContain("text/csv");
    expect(headers.get("content-disposition")).toMatch(/filename="usage-\d{4}-\d{2}\.csv"/);
    const lines = String(body).split("\r\n");
    expect(lines[0]).toBe("period,tier,resource,date,units,month_used,month_limit,month_refused");
    expect(lines.at(-1)).toBe("");
    expect(lines).toHaveLength(2 + 3 * new Date(stack.now()).getUTCDate());
  });

  it("of a month without use is all zeros, under the plan that was in force", async () => {
    const tenant = await newTenant(stack);
    stack.advanceClock(40 * 86_400);
    const token = await signInAgain(stack, tenant);
    const { body } = await stack.http.get("/v1/usage/report", { token });
    expect(body.resources.map(({ used }: { used: number }) => used)).toEqual([0, 0, 0]);
    expect(body.plans).toHaveLength(1);
    expect(body.plans[0]).toMatchObject({
      tier: "free",
      limits: [
        { resource: "product_uploads", limit: 100, overageMax: 0 },
        { resource: "ml_requests", limit: 50, overageMax: 0 },
        { resource: "api_calls", limit: 1000, overageMax: 0 },
      ],
    });
  });
});

describe("404", () => {
  it.each(["2024-02", "2099-01"])("says so of %s: before sign-up, or not begun", async (period) => {
    const { token } = await newTenant(stack);
    const { status, body } = await stack.http.get(`/v1/usage/report?period=${period}`, { token });
    expect(status).toBe(404);
    expect(body.code).toBe("not-found");
    expect(body.detail).toContain(period);
  });
});

describe("400", () => {
  it.each(["period=2026-1", "period=2026-00", "format=xml"])("refuses %s", async (query) => {
    const { token } = await newTenant(stack);
    const { body } = await stack.http.get(`/v1/usage/report?${query}`, { token });
    expect(body.code).toBe("invalid-request");
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    expect((await stack.http.get("/v1/usage/report")).status).toBe(401);
  });
});
