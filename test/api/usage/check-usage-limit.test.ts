import { describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import { newTenant } from "./tenants.ts";

const stack = useStack();

describe("200", () => {
  it("tells the tier's limits before anything was charged, and spends nothing", async () => {
    const { token } = await newTenant(stack);
    for (const [resource, limit] of [
      ["product_uploads", 100],
      ["ml_requests", 50],
      ["api_calls", 1000],
    ]) {
      for (let turn = 0; turn < 2; turn++) {
        const { status, body, headers } = await stack.http.get(`/v1/usage/${resource}`, { token });
        expect(status).toBe(200);
        expect(body).toMatchObject({ resource, limit, used: 0, remaining: limit, allowed: true });
        expect(headers.get("ratelimit-policy")).toContain(`"${resource}";q=${limit};w=`);
      }
    }
  });

  it("names the month and when it ends", async () => {
    const { token } = await newTenant(stack);
    const { body } = await stack.http.get("/v1/usage/api_calls", { token });
    const now = new Date(stack.now());
    expect(body.period).toBe(now.toISOString().slice(0, 7));
    expect(Date.parse(body.resetsAt)).toBe(
      Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1),
    );
  });
});

describe("400", () => {
  it("refuses a resource that nobody counts", async () => {
    const { token } = await newTenant(stack);
    expect((await stack.http.get("/v1/usage/coffee", { token })).body.code).toBe("invalid-request");
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    expect((await stack.http.get("/v1/usage/api_calls")).status).toBe(401);
  });
});
