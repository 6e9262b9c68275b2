import { describe, expect, it } from "vitest";
import { signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

describe("a metered request that the platform fails at", () => {
  it("is given back by the next run where its refund failed as well", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    const used = async () => (await stack.http.get("/v1/usage/api_calls", { token })).body.used;
    await stack.http.post("/v1/usage/api_calls/increments", { token, body: {} });
    stack.faults({ service: "kms", mode: "error" });
    stack.faults({ service: "dynamodb", mode: "error", operation: "TransactWriteItems" });
    const failed = await stack.http.post("/v1/encryption/encrypt", {
      token,
      body: { data: { drawing: 1 } },
    });
    stack.faults({ service: "kms", mode: "none" });
    stack.faults({ service: "dynamodb", mode: "none" });
    expect(failed.status).toBe(503);
    expect(await used()).toBe(2);
    expect(await stack.invoke("payRefunds", {})).toEqual({ paid: 1 });
    expect(await used()).toBe(1);
    expect(await stack.invoke("payRefunds", {})).toEqual({ paid: 0 });
  });
});
