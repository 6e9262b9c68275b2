import { beforeAll, describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import type { Operator, Tenant } from "./tenants.ts";
import { newOperator, newTenant } from "./tenants.ts";

const stack = useStack();
let operator: Operator;
beforeAll(async () => {
  operator = await newOperator(stack);
});

interface Alert {
  manufacturerId: string;
  details: { thresholdPercent?: number; used: number; limit: number };
}

async function alertsOf({ manufacturerId }: Tenant): Promise<(number | "overage")[]> {
  await stack.settled();
  return stack
    .events()
    .filter((event) => /^usage\.(threshold|overage)\./.test(event["detail-type"]))
    .map((event) => event.detail as Alert)
    .filter((alert) => alert.manufacturerId === manufacturerId)
    .map(({ details }) => details.thresholdPercent ?? "overage");
}

/** Spends, and insists on it: an alert that is due must not depend on how busy the machine is. */
async function spend({ token }: Tenant, amount: number): Promise<void> {
  const { status } = await stack.http.post("/v1/usage/api_calls/increments", {
    token,
    body: { amount },
  });
  expect(status).toBe(200);
}

describe("alerts", () => {
  it("come at 80, 90 and 100 % of a limit, each once, from whoever passes the mark", async () => {
    const tenant = await newTenant(stack);
    await spend(tenant, 790);
    expect(await alertsOf(tenant)).toEqual([]);
    await Promise.all(Array.from({ length: 60 }, () => spend(tenant, 1)));
    expect(await alertsOf(tenant)).toEqual([80]);
    await spend(tenant, 100);
    await spend(tenant, 49);
    await spend(tenant, 1);
    expect(await alertsOf(tenant)).toEqual([80, 90, 100]);
  });

  it("come all at once where one charge passes several marks", async () => {
    const tenant = await newTenant(stack);
    await spend(tenant, 1000);
    expect(await alertsOf(tenant)).toEqual([80, 90, 100]);
  });

  it("tell when overage begins", async () => {
    const tenant = await newTenant(stack);
    await stack.http.put(`/v1/operator/manufacturers/${tenant.manufacturerId}/limits`, {
      token: operator.token,
      body: { resource: "api_calls", limit: 10, overageMax: 5, reason: "test" },
    });
    await spend(tenant, 10);
    await spend(tenant, 1);
    await spend(tenant, 1);
    expect(await alertsOf(tenant)).toEqual([80, 90, 100, "overage"]);
  });

  it("are not lost with a response", async () => {
    const tenant = await newTenant(stack);
    stack.faults({ service: "dynamodb", mode: "lose-response", rate: 0.3 });
    for (let turn = 0; turn < 5; turn++) {
      // An answer may be lost in each repeat of the SDK, also before anything was charged.
      await stack.http.post("/v1/usage/api_calls/increments", {
        token: tenant.token,
        headers: { "idempotency-key": `key-${turn}` },
        body: { amount: 200 },
      });
    }
    stack.faults({ service: "dynamodb", mode: "none" });
    for (let turn = 0; turn < 5; turn++) {
      const { status } = await stack.http.post("/v1/usage/api_calls/increments", {
        token: tenant.token,
        headers: { "idempotency-key": `key-${turn}` },
        body: { amount: 200 },
      });
      expect(status).toBe(200);
    }
    expect((await alertsOf(tenant)).toSorted()).toEqual([100, 80, 90]);
  });
});
