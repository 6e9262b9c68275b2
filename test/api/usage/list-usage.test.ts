import { describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import { newOperator, newTenant } from "./tenants.ts";

const stack = useStack();

describe("200", () => {
  it("lists every resource with what was charged, and a policy for each", async () => {
    const { token } = await newTenant(stack);
    await stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount: 4 } });
    const { status, body, headers } = await stack.http.get("/v1/usage", { token });
    expect(status).toBe(200);
    expect(body.tier).toBe("free");
    expect(
      body.items.map(({ resource, used }: { resource: string; used: number }) => [resource, used]),
    ).toEqual([
      ["product_uploads", 0],
      ["ml_requests", 0],
      ["api_calls", 4],
    ]);
    expect(headers.get("ratelimit")?.split(", ")).toHaveLength(3);
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    expect((await stack.http.get("/v1/usage")).status).toBe(401);
  });
});

describe("403", () => {
  it("is not for operators", async () => {
    const { token } = await newOperator(stack);
    expect((await stack.http.get("/v1/usage", { token })).body.code).toBe("forbidden");
  });
});
