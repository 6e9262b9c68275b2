import { describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import { newTenant } from "./tenants.ts";

const stack = useStack();

interface Page {
  items: { resource: string; idempotencyKey: string; amount: number }[];
  nextCursor?: string;
}

describe("200", () => {
  it("pages through every charge exactly once", async () => {
    const { token } = await newTenant(stack);
    const charges = [
      ...Array.from({ length: 100 }, (_, index) => ["product_uploads", `up-${index}`] as const),
      ...Array.from({ length: 30 }, (_, index) => ["ml_requests", `ml-${index}`] as const),
      ...Array.from({ length: 3 }, (_, index) => ["api_calls", `call-${index}`] as const),
    ];
    for (const [resource, key] of charges) {
      await stack.http.post(`/v1/usage/${resource}/increments`, {
        token,
        body: {},
        headers: { "idempotency-key": key },
      });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? "" : `?cursor=${cursor}`;
      const { body } = await stack.http.get(`/v1/usage/events${query}`, { token });
      const page = body as Page;
      expect(page.items.length).toBeLessThanOrEqual(100);
      seen.push(
        ...page.items.map(({ resource, idempotencyKey }) => `${resource}/${idempotencyKey}`),
      );
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(
      charges.map(([resource, key]) => `${resource}/${key}`).toSorted(),
    );
  });

  it("shows a manufacturer its own charges only, whatever cursor it sends", async () => {
    const [one, other] = [await newTenant(stack), await newTenant(stack)];
    await stack.http.post("/v1/usage/ml_requests/increments", {
      token: one.token,
      body: { amount: 3 },
      headers: { "idempotency-key": "mine" },
    });
    const cursor = Buffer.from(
      JSON.stringify({
        resource: "product_uploads",
        afterKey: "",
        manufacturerId: one.manufacturerId,
      }),
    ).toString("base64url");
    const { body } = await stack.http.get(`/v1/usage/events?cursor=${cursor}`, {
      token: other.token,
    });
    expect(body.items).toEqual([]);
    const { body: own } = await stack.http.get("/v1/usage/events", { token: one.token });
    expect(own.items).toMatchObject([{ idempotencyKey: "mine", amount: 3 }]);
  });
});

describe("400", () => {
  it.each(["cursor=x", "cursor=e30", "period=26-1"])("refuses %s", async (query) => {
    const { token } = await newTenant(stack);
    const { body } = await stack.http.get(`/v1/usage/events?${query}`, { token });
    expect(body.code).toBe("invalid-request");
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    expect((await stack.http.get("/v1/usage/events")).status).toBe(401);
  });
});
