import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { closeMonth } from "../../../lib/usage/close-month.ts";
import type { CloseStore } from "../../../lib/usage/close-store.ts";
import { closeStore } from "../../../lib/usage/close-store.ts";
import { historyStore } from "../../../lib/usage/history-store.ts";
import { periodNamed } from "../../../lib/usage/period.ts";
import { planStore } from "../../../lib/usage/plan-store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { Tier } from "../../../lib/usage/tiers.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { chargeOf, newOperator, newTenant } from "./tenant.ts";

let database: TestDatabase;
// A month is closed once per database.
beforeEach(async () => {
  database = await startDatabase();
});
afterEach(() => database.stop());

const tables = { identity: "identity", usage: "usage", audit: "audit" };
const november = periodNamed("2026-11");
const minuteMs = 60_000;
const endMs = Date.UTC(2026, 11, 1);

const changeTier = async (tenant: string, tier: Tier, timeMs: number) =>
  planStore(database.documents, tables).changePlan(
    await newOperator(database.documents),
    tenant,
    ({ overrides }) => ({ tier, overrides }),
    { action: "usage.tier.changed", outcome: "success", origin: systemOrigin("req_test"), timeMs },
  );

const close = (timeMs: number, store: CloseStore = closeStore(database.documents, tables)) =>
  closeMonth(
    { period: "2026-11", origin: systemOrigin("req_test"), budgetMs: 600_000 },
    { close: store, now: () => timeMs },
  );

const snapshotOf = async (tenant: string) =>
  (await historyStore(database.documents, "usage").readPeriod(tenant, november)).snapshot;

describe("a closed month", () => {
  it("states the tier and limits that were in force in it, however late it is closed", async () => {
    const tenant = await newTenant(database.documents, "free");
    await charger(usageStore(database.documents, "usage"))(
      chargeOf(tenant, "api_calls", { amount: 40, nowMs: endMs - minuteMs }),
    );
    await changeTier(tenant, "enterprise", endMs + 6 * minuteMs);
    await close(endMs + 10 * minuteMs);
    expect(await snapshotOf(tenant)).toMatchObject({
      tier: "free",
      plans: [{ tier: "free", fromMs: november.startsAtMs, untilMs: endMs }],
      resources: {
        product_uploads: { limit: 100, used: 0 },
        ml_requests: { limit: 50, used: 0 },
        api_calls: { limit: 1_000, used: 40 },
      },
    });
  });

  it.each([1, 3])(
    "keeps its limits where the tier changes %i minutes after its end",
    async (minutes) => {
      const tenant = await newTenant(database.documents, "free");
      const charge = charger(usageStore(database.documents, "usage"));
      await charge(chargeOf(tenant, "api_calls", { amount: 40, nowMs: endMs - minuteMs }));
      await changeTier(tenant, "professional", endMs + minutes * minuteMs);
      // An environment whose clock is behind still charges the old month, for a resource it had not touched.
      await charge(
        chargeOf(tenant, "ml_requests", { nowMs: endMs - 1, idempotencyKey: "late", amount: 1 }),
      );
      await close(endMs + 10 * minuteMs);
      expect(await snapshotOf(tenant)).toMatchObject({
        tier: "free",
        resources: { ml_requests: { limit: 50, used: 1 }, api_calls: { limit: 1_000, used: 40 } },
      });
    },
  );

  it("lists each change of the plan within it", async () => {
    const tenant = await newTenant(database.documents, "free");
    await charger(usageStore(database.documents, "usage"))(
      chargeOf(tenant, "api_calls", { nowMs: Date.UTC(2026, 10, 2) }),
    );
    await changeTier(tenant, "professional", Date.UTC(2026, 10, 10, 8));
    await changeTier(tenant, "enterprise", Date.UTC(2026, 10, 20, 9));
    await close(endMs + 10 * minuteMs);
    const snapshot = await snapshotOf(tenant);
    expect(snapshot?.tier).toBe("enterprise");
    expect(
      snapshot?.plans?.map(({ fromMs, untilMs, tier, limits }) => [
        new Date(fromMs).toISOString(),
        new Date(untilMs).toISOString(),
        tier,
        limits.api_calls.limit,
      ]),
    ).toEqual([
      ["2026-11-01T00:00:00.000Z", "2026-11-10T08:00:00.000Z", "free", 1_000],
      ["2026-11-10T08:00:00.000Z", "2026-11-20T09:00:00.000Z", "professional", 10_000],
      ["2026-11-20T09:00:00.000Z", "2026-12-01T00:00:00.000Z", "enterprise", 100_000],
    ]);
  });

  it("is exact where a refund comes between its reading and its close", async () => {
    const tenant = await newTenant(database.documents, "free");
    const usage = usageStore(database.documents, "usage");
    const charged = chargeOf(tenant, "api_calls", { amount: 5, nowMs: endMs - minuteMs });
    await charger(usage)(charged);
    const store = closeStore(database.documents, tables);
    let isRefunded = false;
    await close(endMs + 10 * minuteMs, {
      ...store,
      readStates: async (ids, period) => {
        const states = await store.readStates(ids, period);
        if (states.has(tenant) && !isRefunded) {
          isRefunded = true;
          await usage.payRefund({
            ...charged,
            amount: 2,
            id: "refund",
            chargedAtMs: endMs - minuteMs,
            refundedAtMs: endMs,
          });
        }
        return states;
      },
    });
    expect(isRefunded).toBe(true);
    expect((await snapshotOf(tenant))?.resources.api_calls.used).toBe(3);
  });

  it.each([undefined, "late"])(
    "stays as it was where a charge is given back after its close, key %s: an adjustment says so, once",
    async (idempotencyKey) => {
      const tenant = await newTenant(database.documents, "free");
      const usage = usageStore(database.documents, "usage");
      const chargedAtMs = endMs - minuteMs / 2;
      await charger(usage)(
        chargeOf(tenant, "api_calls", { amount: 5, nowMs: chargedAtMs, idempotencyKey }),
      );
      await close(endMs + 10 * minuteMs);
      const refund = {
        manufacturerId: tenant,
        resource: "api_calls" as const,
        amount: 5,
        chargedAtMs,
        refundedAtMs: endMs + 14 * minuteMs,
        requestId: "req_test",
        id: "refund_1",
        idempotencyKey,
      };
      const paid = await Promise.all([usage.payRefund(refund), usage.payRefund(refund)]);
      expect(paid.toSorted()).toEqual([false, true]);
      const history = historyStore(database.documents, "usage");
      const { snapshot, counters } = await history.readPeriod(tenant, november);
      expect(snapshot?.resources.api_calls.used).toBe(5);
      expect(counters.api_calls?.used).toBe(0);
      expect(await history.listAdjustments(tenant, november)).toMatchObject([
        { resource: "api_calls", units: -5, atMs: endMs + 14 * minuteMs, requestId: "req_test" },
      ]);
    },
  );
});
