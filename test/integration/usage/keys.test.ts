import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { environmentsOf, warmTenant } from "./environments.ts";
import { chargeOf, inParallel, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const resources = ["product_uploads", "ml_requests", "api_calls"] as const;
const turnsOf = (count: number) => Array.from({ length: count }, (_, turn) => turn);

describe.each(resources)("a key of %s", (resource) => {
  it("that was charged is never refused, whichever environment its repeat reaches", async () => {
    const tenant = await newTenant(database.documents, "free", { [resource]: 60 });
    const spend = (turn: number) => chargeOf(tenant, resource, { idempotencyKey: `key-${turn}` });
    const { charges, close } = environmentsOf(database, 1);
    for (const turn of turnsOf(60)) await charges[0]?.(spend(turn));
    close();
    for (const turn of turnsOf(60)) {
      const elsewhere = charger(usageStore(database.documents, "usage"));
      expect([turn, (await elsewhere(spend(turn))).outcome]).toEqual([turn, "replayed"]);
    }
  });

  it("is refused as reused when it comes with another amount", async () => {
    const tenant = await newTenant(database.documents, "free", { [resource]: 100 });
    const { charges, close } = environmentsOf(database, 2);
    const spend = (environment: number, amount: number) =>
      charges[environment]?.(chargeOf(tenant, resource, { idempotencyKey: "k", amount }));
    await spend(0, 1);
    for (const environment of [0, 1])
      await expect(spend(environment, 9)).rejects.toMatchObject({ code: "idempotency-key-reused" });
    close();
  });

  it("may have 255 characters", async () => {
    const tenant = await newTenant(database.documents);
    const request = chargeOf(tenant, resource, { idempotencyKey: "k".repeat(255) });
    expect(await charger(usageStore(database.documents, "usage"))(request)).toMatchObject({
      outcome: "charged",
    });
  });

  it.each([1, 10])("costs one request where %s environments take turns", async (count) => {
    const tenant = await warmTenant(database, { [resource]: 100_000 });
    const { chargeAt, takeRequests, close } = environmentsOf(database, count);
    const spend = (turn: number) =>
      chargeAt(turn)(chargeOf(tenant, resource, { idempotencyKey: `key-${turn}` }));
    // Each environment looks at the counter once, with its first charge.
    for (const turn of turnsOf(count)) await spend(turn);
    takeRequests();
    for (const turn of turnsOf(200)) await spend(count + turn);
    expect(takeRequests()).toBe(200);
    close();
  });

  it("costs one request where ten environments charge at the same time", async () => {
    const tenant = await warmTenant(database, { [resource]: 100_000 });
    const { chargeAt, takeRequests, close } = environmentsOf(database, 10);
    const spend = (turn: number) =>
      chargeAt(turn)(chargeOf(tenant, resource, { idempotencyKey: `key-${turn}` }));
    for (const turn of turnsOf(10)) await spend(turn);
    takeRequests();
    await inParallel(turnsOf(300), 30, (_, turn) => spend(10 + turn));
    expect(takeRequests()).toBe(300);
    const counter = await usageStore(database.documents, "usage").readCounter(
      tenant,
      resource,
      periodAt(noonMs),
    );
    expect(counter).toMatchObject({ used: 310, d24: 310 });
    close();
  });
});
