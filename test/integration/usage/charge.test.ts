import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { chargeOf, inParallel, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let store: UsageStore;
beforeAll(async () => {
  database = await startDatabase();
  store = usageStore(database.documents, "usage");
});
afterAll(() => database.stop());

const counterOf = (tenant: string, resource: "api_calls" | "ml_requests" | "product_uploads") =>
  store.readCounter(tenant, resource, periodAt(noonMs));

describe("a charge", () => {
  it("counts, fills the day's bucket and answers the exact standing", async () => {
    const tenant = await newTenant(database.documents);
    const verdict = await charger(store)(chargeOf(tenant, "api_calls", { amount: 3 }));
    expect(verdict).toMatchObject({
      outcome: "charged",
      dedupeWindowSeconds: 0,
      standing: { used: 3, remaining: 997, limit: 1000, tier: "free", period: "2026-11" },
    });
    expect(await counterOf(tenant, "api_calls")).toMatchObject({ used: 3, d24: 3 });
  });

  it("is refused as a whole when it does not fit, and costs nothing", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 10 });
    const charge = charger(store);
    await charge(chargeOf(tenant, "api_calls", { amount: 8 }));
    const refused = await charge(chargeOf(tenant, "api_calls", { amount: 3 }));
    expect(refused).toMatchObject({ outcome: "refused", standing: { used: 8, remaining: 2 } });
    const fitting = await charge(chargeOf(tenant, "api_calls", { amount: 2 }));
    expect(fitting).toMatchObject({ outcome: "charged", standing: { used: 10, remaining: 0 } });
    expect(await counterOf(tenant, "api_calls")).toMatchObject({ used: 10, refused: 3 });
  });

  it("is admitted beyond a soft limit up to the overage, which is tracked", async () => {
    const tenant = await newTenant(database.documents, "free", { ml_requests: 2 }, 1);
    const charge = charger(store);
    const keyed = (key: string) => charge(chargeOf(tenant, "ml_requests", { idempotencyKey: key }));
    await keyed("a");
    await keyed("b");
    expect(await keyed("c")).toMatchObject({
      outcome: "charged",
      standing: { used: 3, remaining: 0, allowed: false, overage: { used: 1, max: 1 } },
    });
    expect(await keyed("d")).toMatchObject({ outcome: "refused" });
  });

  it("is counted without a limit where the tier has none", async () => {
    const tenant = await newTenant(database.documents, "enterprise");
    const verdict = await charger(store)(
      chargeOf(tenant, "product_uploads", { amount: 5000, idempotencyKey: "bulk" }),
    );
    expect(verdict.standing).toMatchObject({ used: 5000, limit: -1, remaining: -1, allowed: true });
  });

  it("of a manufacturer without a plan is not found", async () => {
    await expect(charger(store)(chargeOf("mfr_none", "api_calls"))).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe.each(["product_uploads", "ml_requests", "api_calls"] as const)(
  "a key of %s",
  (resource) => {
    it("is charged once, and its repeat answered with the same standing", async () => {
      const tenant = await newTenant(database.documents);
      const charge = charger(store);
      const request = chargeOf(tenant, resource, { amount: 2, idempotencyKey: "k" });
      const first = await charge(request);
      const repeat = await charger(store)(request);
      expect(first).toMatchObject({ outcome: "charged" });
      expect(repeat).toMatchObject({ ...first, outcome: "replayed" });
    });

    it("is recognised even when the quota is used up", async () => {
      const tenant = await newTenant(database.documents, "free", { [resource]: 1 });
      const charge = charger(store);
      const request = chargeOf(tenant, resource, { idempotencyKey: "last" });
      await charge(request);
      expect(await charge(chargeOf(tenant, resource, { idempotencyKey: "x" }))).toMatchObject({
        outcome: "refused",
      });
      expect(await charge(request)).toMatchObject({ outcome: "replayed" });
      expect(await charger(store)(request)).toMatchObject({ outcome: "replayed" });
    });

    it("charged in the last second of a month is recognised in the first of the next", async () => {
      const tenant = await newTenant(database.documents);
      const turnMs = Date.UTC(2026, 11, 1);
      const request = chargeOf(tenant, resource, { idempotencyKey: "turn", nowMs: turnMs - 1 });
      await charger(store)(request);
      const repeat = await charger(store)({ ...request, nowMs: turnMs + 1000 });
      expect(repeat).toMatchObject({
        outcome: "replayed",
        standing: { period: "2026-12", used: 0 },
      });
    });
  },
);

describe("concurrent charges", () => {
  it.each(["api_calls", "ml_requests"] as const)(
    "of %s admit exactly the limit: 2,000 against 1,000",
    async (resource) => {
      const tenant = await newTenant(database.documents, "free", { [resource]: 1000 });
      const environments = Array.from({ length: 20 }, () => charger(store));
      const verdicts = await inParallel(
        Array.from({ length: 2000 }, (_, index) => index),
        50,
        (index) =>
          (environments[index % 20] as ReturnType<typeof charger>)(
            chargeOf(tenant, resource, {
              idempotencyKey: resource === "api_calls" ? undefined : `k${index}`,
            }),
          ),
      );
      expect(verdicts.filter(({ outcome }) => outcome === "charged")).toHaveLength(1000);
      expect(await counterOf(tenant, resource)).toMatchObject({
        used: 1000,
        remaining: 0,
        d24: 1000,
      });
    },
  );

  it("of mixed amounts never exceed the limit, and what is stored is what was admitted", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 1000 });
    const charge = charger(store);
    const amounts = Array.from({ length: 600 }, (_, index) => (index % 9) + 1);
    const verdicts = await inParallel(amounts, 50, (amount) =>
      charge(chargeOf(tenant, "api_calls", { amount })),
    );
    const admitted = verdicts.reduce(
      (sum, { outcome }, index) => sum + (outcome === "charged" ? (amounts[index] ?? 0) : 0),
      0,
    );
    expect(admitted).toBeGreaterThan(990);
    expect(await counterOf(tenant, "api_calls")).toMatchObject({ used: admitted });
    expect(admitted).toBeLessThanOrEqual(1000);
  });
});

describe("an override that expires", () => {
  it("stops counting at its end without anybody doing anything", async () => {
    const tenant = await newTenant(database.documents);
    const plan = await store.readPlan(tenant);
    if (!plan) throw new Error("the tenant has no plan");
    const override = { limit: 5, overageMax: 0, reason: "test", setBy: "x", setAtMs: 0 };
    await store.settle(
      { ...plan, overrides: { api_calls: { ...override, expiresAtMs: noonMs + 1000 } } },
      { resource: "api_calls", period: periodAt(noonMs), nowMs: noonMs },
    );
    const charge = charger(store);
    expect(await charge(chargeOf(tenant, "api_calls"))).toMatchObject({ standing: { limit: 5 } });
    expect(await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 1000 }))).toMatchObject({
      standing: { limit: 1000, used: 2, remaining: 998 },
    });
  });
});
