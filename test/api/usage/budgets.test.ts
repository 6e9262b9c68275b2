import { beforeAll, describe, expect, it } from "vitest";
import { useStack } from "../../support/stack.ts";
import type { Tenant } from "./tenants.ts";
import { newTenant } from "./tenants.ts";

// One environment per function: a warm request is the second of its kind in the same one.
const stack = useStack({ environments: 1 });
let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant(stack);
});

/** Calls of the request alone: streams are followed and alerts raised on their own. */
async function callsOf(request: () => Promise<{ status: number }>): Promise<number> {
  await stack.settled();
  stack.resetCalls();
  const { status } = await request();
  const { dynamodb } = stack.calls();
  expect(status).toBe(200);
  return Object.entries(dynamodb)
    .filter(([operation]) => !/Stream|Shard|Records/.test(operation))
    .reduce((sum, [, count]) => sum + count, 0);
}

let serial = 0;
const increment = (resource: string, hasKey: boolean) => () =>
  stack.http.post(`/v1/usage/${resource}/increments`, {
    token: tenant.token,
    body: {},
    headers: hasKey ? { "idempotency-key": `key-${++serial}` } : {},
  });

const get = (path: string) => () => stack.http.get(path, { token: tenant.token });

describe("database calls of a warm request", () => {
  it.each([
    ["an increment of api_calls", increment("api_calls", false), 1],
    ["an increment with a key", increment("api_calls", true), 1],
    ["an increment with a ledger", increment("ml_requests", true), 1],
    ["a check of what was charged", get("/v1/usage/api_calls"), 1],
    ["a list of all resources", get("/v1/usage"), 1],
    ["a report", get("/v1/usage/report"), 1],
    ["a page of an empty ledger", get("/v1/usage/events"), 3],
    ["analytics", get("/v1/usage/analytics"), 4],
  ])("%s", async (_, request, expected) => {
    await increment("api_calls", false)();
    await request();
    expect(await callsOf(request)).toBe(expected);
  });
});
