import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { chargeOf, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let store: UsageStore;
beforeAll(async () => {
  database = await startDatabase();
  store = usageStore(database.documents, "usage");
});
afterAll(() => database.stop());

const put = (Item: object) =>
  database.documents.send(new PutCommand({ TableName: "usage", Item: { ...Item } }));

/** A counter as release 0.1.0 left it: `young` and `old` are keys in its two sets. */
async function firstReleaseTenant(): Promise<string> {
  const tenant = await newTenant(database.documents);
  await put({
    pk: `MFR#${tenant}#api_calls`,
    sk: "2026-11",
    tier: "free",
    limit: 1000,
    overageMax: 0,
    limitValidUntilMs: Date.UTC(2026, 11, 1),
    used: 7,
    remaining: 993,
    d24: 7,
    // The first eight characters of base64url(SHA-256(key)) of "young" and of "old".
    recentIds: new Set(["27qSHOIF"]),
    previousIds: new Set(["y6BrVzb6"]),
    recentFromMs: noonMs - 60_000,
    ledgerUntilMs: noonMs - 60_000,
    chargeIds: new Set(["aaaaaa"]),
    previousChargeIds: new Set(["bbbbbb"]),
  });
  await put({
    pk: `MFR#${tenant}#api_calls#2026-11`,
    sk: "LEDGER#stored",
    idempotencyKey: "stored",
    amount: 2,
    chargedAtMs: noonMs - 60_000,
    memberId: "mem_test",
    requestId: "req_before",
    expiresAt: noonMs / 1000 + 400 * 86_400,
  });
  return tenant;
}

const spend = (tenant: string, options: Parameters<typeof chargeOf>[2]) =>
  charger(store)(chargeOf(tenant, "api_calls", options));
const counterOf = (tenant: string) => store.readCounter(tenant, "api_calls", periodAt(noonMs));

describe("a counter of release 0.1.0", () => {
  it.each(["young", "old"])("still knows the key %s in its sets", async (idempotencyKey) => {
    const tenant = await firstReleaseTenant();
    expect(await spend(tenant, { idempotencyKey })).toMatchObject({
      outcome: "replayed",
      standing: { used: 7 },
    });
    expect(await counterOf(tenant)).toMatchObject({ used: 7 });
  });

  it("is charged with and without a key", async () => {
    const tenant = await firstReleaseTenant();
    expect(await spend(tenant, { idempotencyKey: "new" })).toMatchObject({ outcome: "charged" });
    expect(await spend(tenant, {})).toMatchObject({ outcome: "charged", standing: { used: 9 } });
  });

  it("answers for the keys in its ledger", async () => {
    const tenant = await firstReleaseTenant();
    expect(await spend(tenant, { idempotencyKey: "stored", amount: 2 })).toMatchObject({
      outcome: "replayed",
    });
    await expect(spend(tenant, { idempotencyKey: "stored", amount: 1 })).rejects.toMatchObject({
      code: "idempotency-key-reused",
    });
  });

  it("loses its sets in passing, those of keys when they are out of date", async () => {
    const tenant = await firstReleaseTenant();
    const charge = charger(store);
    const at = (nowMs: number) => charge(chargeOf(tenant, "api_calls", { nowMs }));
    await at(noonMs);
    expect(await counterOf(tenant)).toHaveProperty("recentIds");
    expect(await counterOf(tenant)).not.toHaveProperty("chargeIds");
    await at(noonMs + 600_000);
    await at(noonMs + 600_001);
    const counter = await counterOf(tenant);
    for (const name of ["recentIds", "previousIds", "recentFromMs", "ledgerUntilMs"])
      expect(counter).not.toHaveProperty(name);
    expect(counter).toMatchObject({ used: 10 });
  });
});
