import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../../lib/problem.ts";
import type { ChargeUsage } from "../../../lib/usage/charge.ts";
import { charger } from "../../../lib/usage/charge.ts";
import type { Counter } from "../../../lib/usage/counter.ts";
import { Leases } from "../../../lib/usage/leases.ts";
import { usageMeter } from "../../../lib/usage/meter.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { refunder } from "../../../lib/usage/refund.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { startDatabase } from "./database.ts";
import { environmentsOf, warmTenant } from "./environments.ts";
import { injectFaults } from "./faults.ts";
import { chargeOf, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const withLeases = (usage: UsageStore): ChargeUsage => charger(usage, new Leases(usage));
const leasing = (count: number, prepare?: (client: DynamoDBDocumentClient) => void) =>
  environmentsOf(database, count, prepare, withLeases);

const counterOf = (tenant: string, nowMs = noonMs) =>
  usageStore(database.documents, "usage").readCounter(tenant, "api_calls", periodAt(nowMs));

const leaseNames = (counter: Counter | undefined): string[] =>
  Object.keys(counter ?? {}).filter((name) => name.startsWith("lease_"));

/** One charge after another, `everyMs` apart, in one environment; answers what each was told. */
async function chargeSteadily(
  charge: ChargeUsage,
  tenant: string,
  { count, everyMs, fromMs = noonMs }: { count: number; everyMs: number; fromMs?: number },
): Promise<string[]> {
  const told: string[] = [];
  for (let turn = 0; turn < count; turn++) {
    const nowMs = fromMs + turn * everyMs;
    try {
      told.push((await charge(chargeOf(tenant, "api_calls", { nowMs }))).outcome);
    } catch (error) {
      if (!(error instanceof Problem && error.code === "outcome-unknown")) throw error;
      told.push("unknown");
    }
  }
  return told;
}

const countOf = (told: readonly string[], outcome: string): number =>
  told.filter((one) => one === outcome).length;

describe("charges without a key below the rate of leases", () => {
  it("are one write each: 20 a second for five seconds", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const { charges, takeRequests, close } = leasing(1);
    const told = await chargeSteadily(charges[0] as ChargeUsage, tenant, {
      count: 100,
      everyMs: 50,
    });
    expect(takeRequests()).toBe(100);
    close();
    expect(countOf(told, "charged")).toBe(100);
    expect(await counterOf(tenant)).toMatchObject({ used: 100, d24: 100 });
    expect(await counterOf(tenant)).not.toHaveProperty("leased");
  });
});

describe("charges of a busy counter", () => {
  it("take a twentieth of the writes at most, and what is stored is what was told: 10,000 in ten environments", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const { charges, takeRequests, close } = leasing(10);
    const inAll = (count: number, fromMs: number) =>
      Promise.all(
        charges.map((charge) => chargeSteadily(charge, tenant, { count, everyMs: 10, fromMs })),
      );
    const first = await inAll(100, noonMs);
    takeRequests();
    const rest = await inAll(900, noonMs + 1000);
    expect(takeRequests()).toBeLessThanOrEqual(9_000 / 20);
    // The next charge of each environment, ten seconds later, settles what it had taken.
    const last = await inAll(1, noonMs + 20_000);
    close();
    expect(countOf([...first, ...rest, ...last].flat(), "charged")).toBe(10_010);
    const counter = await counterOf(tenant);
    expect(counter).toMatchObject({ used: 10_010, d24: 10_010, remaining: 989_990, leased: 0 });
    expect(leaseNames(counter)).toEqual([]);
  });

  it("made at the same moment share leases, and none is made twice", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const { charges, takeRequests, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await chargeSteadily(charge, tenant, { count: 21, everyMs: 0 });
    takeRequests();
    const verdicts = await Promise.all(
      Array.from({ length: 2000 }, () => charge(chargeOf(tenant, "api_calls"))),
    );
    expect(takeRequests()).toBeLessThanOrEqual(100);
    await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 2000 }));
    close();
    expect(verdicts.every(({ outcome }) => outcome === "charged")).toBe(true);
    expect(new Set(verdicts.map(({ standing }) => standing.used)).size).toBe(2000);
    expect(await counterOf(tenant)).toMatchObject({ used: 2022, d24: 2022, leased: 0 });
  });

  it("are counted without a limit in the same way", async () => {
    const tenant = await warmTenant(database, { api_calls: -1 });
    const { charges, takeRequests, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await charge(chargeOf(tenant, "api_calls", { amount: 100_000 }));
    takeRequests();
    await chargeSteadily(charge, tenant, { count: 1000, everyMs: 10, fromMs: noonMs + 5000 });
    expect(takeRequests()).toBeLessThanOrEqual(50);
    await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 60_000 }));
    close();
    expect(await counterOf(tenant)).toMatchObject({ used: 101_001, leased: 0 });
  });

  it("of mixed amounts leave nothing behind where a lease has less left than is asked for", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const { charges, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    for (let turn = 0; turn < 180; turn++) {
      const nowMs = noonMs + turn * 10;
      await charge(chargeOf(tenant, "api_calls", { amount: (turn % 9) + 1, nowMs }));
    }
    expect((await counterOf(tenant))?.leased).toBeGreaterThan(0);
    await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 60_000 }));
    close();
    // Twenty times 1 + 2 + ... + 9, and the last one.
    expect(await counterOf(tenant)).toMatchObject({ used: 901, d24: 901, leased: 0 });
  });

  it("admit exactly the limit in the end, however many environments race for it", async () => {
    const tenant = await warmTenant(database, { api_calls: 2_500 });
    const { charges, takeRequests, close } = leasing(5);
    const rush = await Promise.all(
      charges.map((charge) => chargeSteadily(charge, tenant, { count: 550, everyMs: 10 })),
    );
    expect(takeRequests()).toBeLessThan(2_600);
    // What the environments still held at the end comes back with their next charges.
    const rest: string[] = [];
    for (const charge of charges) {
      const later = { count: 10, everyMs: 100, fromMs: noonMs + 60_000 };
      rest.push(...(await chargeSteadily(charge, tenant, later)));
    }
    close();
    expect(countOf([...rush.flat(), ...rest], "charged")).toBe(2_500);
    expect(rest.at(-1)).toBe("refused");
    expect(await counterOf(tenant)).toMatchObject({
      used: 2_500,
      remaining: 0,
      d24: 2_500,
      leased: 0,
    });
  });

  it("are written one by one where little is left below the limit", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_999 });
    const { charges, takeRequests, close } = leasing(1);
    await chargeSteadily(charges[0] as ChargeUsage, tenant, { count: 200, everyMs: 10 });
    expect(takeRequests()).toBe(200);
    close();
    expect(await counterOf(tenant)).toMatchObject({ used: 200 });
  });
});

describe("a lease", () => {
  const take = async (tenant: string, units: number, remainingMin = 0, leasedMax = 1_000_000) => {
    const store = usageStore(database.documents, "usage");
    const seen = (await counterOf(tenant)) as Counter;
    const taken = { ...chargeOf(tenant, "api_calls", { amount: units }), period: periodAt(noonMs) };
    const lease = { id: "abcdef", taken, unspent: units, untilMs: noonMs + 2000 };
    const send = () => store.takeLease(lease, { remainingMin, leasedMax }, seen);
    return { store, lease, send };
  };

  it("is taken once and returned once, however often it is sent", async () => {
    const tenant = await warmTenant(database, { api_calls: 10_000 });
    const { store, lease, send } = await take(tenant, 100);
    expect(await send()).toMatchObject({ used: 100, leased: 100 });
    expect(await send()).toMatchObject({ used: 100, leased: 100 });
    const rest = { ...lease, unspent: 70 };
    await store.returnLease(rest);
    await store.returnLease(rest);
    expect(await counterOf(tenant)).toMatchObject({
      used: 30,
      remaining: 9970,
      d24: 30,
      leased: 0,
    });
  });

  it("is not taken where less remains than it needs, whatever the environment saw", async () => {
    const tenant = await warmTenant(database, { api_calls: 10_000 });
    const { send } = await take(tenant, 100, 5_000);
    await charger(usageStore(database.documents, "usage"))(
      chargeOf(tenant, "api_calls", { amount: 5_001 }),
    );
    expect(await send()).toBeUndefined();
    expect(await counterOf(tenant)).toMatchObject({ used: 5_001 });
  });

  it("is not taken where too much is leased already", async () => {
    const tenant = await warmTenant(database, { api_calls: 10_000 });
    expect(await (await take(tenant, 60, 0, 100)).send()).toMatchObject({ leased: 60 });
    const { store, lease } = await take(tenant, 60, 0, 100);
    const seen = (await counterOf(tenant)) as Counter;
    const second = { ...lease, id: "ghijkl" };
    const terms = { remainingMin: 0, leasedMax: 100 };
    expect(await store.takeLease(second, terms, seen)).toBeUndefined();
  });

  it("never reaches across the limit into the overage", async () => {
    const tenant = await newTenant(database.documents, "free", { api_calls: 2_100 }, 100_000);
    const { charges, takeRequests, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await charge(chargeOf(tenant, "api_calls", { amount: 1_000 }));
    takeRequests();
    await chargeSteadily(charge, tenant, { count: 200, everyMs: 10 });
    expect(takeRequests()).toBe(200);
    close();
  });

  it("is not charged any more when the limit it was taken under ends", async () => {
    const tenant = await warmTenant(database, { api_calls: 100_000 });
    const store = usageStore(database.documents, "usage");
    const plan = await store.readPlan(tenant);
    if (!plan) throw new Error("the tenant has no plan");
    const override = { limit: 100_000, overageMax: 0, reason: "test", setBy: "x", setAtMs: 0 };
    await store.settle(
      { ...plan, overrides: { api_calls: { ...override, expiresAtMs: noonMs + 1000 } } },
      { resource: "api_calls", period: periodAt(noonMs), nowMs: noonMs },
    );
    const { charges, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await chargeSteadily(charge, tenant, { count: 99, everyMs: 10 });
    expect(leaseNames(await counterOf(tenant))).toHaveLength(1);
    const { standing } = await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 1000 }));
    close();
    expect(standing).toMatchObject({ limit: 100_000 });
    expect((await counterOf(tenant))?.limitValidUntilMs).toBe(Date.UTC(2026, 11, 1));
  });

  it("is use of before a limit was lowered: what is charged from it then adds nothing", async () => {
    const tenant = await warmTenant(database, { api_calls: 100_000 });
    const store = usageStore(database.documents, "usage");
    const { charges, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await chargeSteadily(charge, tenant, { count: 90, everyMs: 10 });
    const { used, leased = 0 } = (await counterOf(tenant)) as Counter;
    const plan = await store.readPlan(tenant);
    if (!plan) throw new Error("the tenant has no plan");
    const override = { limit: 10, overageMax: 0, reason: "test", setBy: "x", setAtMs: 0 };
    await store.settle(
      { ...plan, overrides: { api_calls: override } },
      { resource: "api_calls", period: periodAt(noonMs), nowMs: noonMs },
    );
    const told = await chargeSteadily(charge, tenant, {
      count: leased + 1,
      everyMs: 1,
      fromMs: noonMs + 900,
    });
    expect(countOf(told, "charged")).toBe(used - 90);
    expect(told.at(-1)).toBe("refused");
    expect(await counterOf(tenant)).toMatchObject({ used, remaining: 10 - used, limit: 10 });
    await charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + 5_000 }));
    close();
    expect(await counterOf(tenant)).toMatchObject({ used, leased: 0 });
  });

  it("ends with its day, so that each day has its own units", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const midnightMs = Date.UTC(2026, 10, 25);
    const { charges, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await chargeSteadily(charge, tenant, { count: 55, everyMs: 10, fromMs: midnightMs - 550 });
    await chargeSteadily(charge, tenant, { count: 55, everyMs: 10, fromMs: midnightMs });
    await charge(chargeOf(tenant, "api_calls", { nowMs: midnightMs + 60_000 }));
    close();
    expect(await counterOf(tenant)).toMatchObject({ used: 111, d24: 55, d25: 56, leased: 0 });
  });

  it("is not taken in the last minute of a month, nor returned after it", async () => {
    const monthEndMs = Date.UTC(2026, 11, 1);
    const tenant = await newTenant(database.documents, "free", { api_calls: 1_000_000 });
    const { charges, close } = leasing(2);
    const [late, frozen] = charges as [ChargeUsage, ChargeUsage];
    await chargeSteadily(late, tenant, { count: 99, everyMs: 10, fromMs: monthEndMs - 60_000 });
    expect(await counterOf(tenant, monthEndMs - 1)).not.toHaveProperty("leased");
    await chargeSteadily(frozen, tenant, { count: 30, everyMs: 10, fromMs: monthEndMs - 61_000 });
    const before = await counterOf(tenant, monthEndMs - 1);
    expect(before?.leased).toBeGreaterThan(0);
    await frozen(chargeOf(tenant, "api_calls", { nowMs: monthEndMs }));
    close();
    expect(await counterOf(tenant, monthEndMs - 1)).toEqual(before);
  });

  it("is returned with the next charge of whatever tenant", async () => {
    const [busy, other] = [
      await warmTenant(database, { api_calls: 1_000_000 }),
      await warmTenant(database, { api_calls: 1_000 }),
    ];
    const { charges, close } = leasing(1);
    const charge = charges[0] as ChargeUsage;
    await chargeSteadily(charge, busy, { count: 30, everyMs: 10 });
    expect((await counterOf(busy))?.used).toBeGreaterThan(30);
    await charge(chargeOf(other, "api_calls", { nowMs: noonMs + 3_000 }));
    close();
    expect(await counterOf(busy)).toMatchObject({ used: 30, d24: 30, leased: 0 });
  });

  it("holds units that a refund gives back like any other", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const store = usageStore(database.documents, "usage");
    let nowMs = noonMs;
    const meter = usageMeter(withLeases(store), refunder(store), () => nowMs);
    const request = { manufacturerId: tenant, memberId: "mem_test", requestId: "req_test" };
    const call = () => meter({ resource: "api_calls", refuses: true }, request);
    for (let turn = 0; turn < 30; turn++) await call();
    const failed = await call();
    expect(leaseNames(await counterOf(tenant))).toHaveLength(1);
    await failed.refund();
    nowMs += 3_000;
    await call();
    expect(await counterOf(tenant)).toMatchObject({ used: 31, d24: 31, leased: 0 });
  });
});

describe("an environment that is ended without notice", () => {
  it("leaves at most its lease as used, on record as leased", async () => {
    const tenant = await warmTenant(database, { api_calls: 5_000 });
    const { charges, close } = leasing(2);
    const [killed, other] = charges as [ChargeUsage, ChargeUsage];
    const before = await chargeSteadily(killed, tenant, { count: 50, everyMs: 10 });
    const leased = (await counterOf(tenant))?.leased ?? 0;
    expect(leased).toBeGreaterThan(0);
    expect(leased).toBeLessThanOrEqual(50);
    const fromMs = noonMs + 5_000;
    await other(chargeOf(tenant, "api_calls", { amount: 4_900, nowMs: fromMs }));
    const after = await chargeSteadily(other, tenant, { count: 60, everyMs: 10, fromMs });
    close();
    const told = 4_900 + countOf([...before, ...after], "charged");
    expect(told).toBeLessThanOrEqual(5_000);
    expect(told).toBeGreaterThanOrEqual(5_000 - leased);
    expect(countOf(after, "refused")).toBeGreaterThan(0);
    expect(await counterOf(tenant)).toMatchObject({ used: 5_000, remaining: 0, leased });
  });

  it("is one of many that together never hold more than a hundredth of the limit", async () => {
    const tenant = await warmTenant(database, { api_calls: 10_000 });
    const { charges, close } = leasing(12);
    const told: string[] = [];
    for (const charge of charges)
      told.push(...(await chargeSteadily(charge, tenant, { count: 30, everyMs: 10 })));
    close();
    const { used = 0, leased = 0 } = (await counterOf(tenant)) ?? {};
    expect(countOf(told, "charged")).toBe(360);
    expect(leased).toBeGreaterThan(60);
    expect(leased).toBeLessThanOrEqual(100);
    expect(used - 360).toBeLessThanOrEqual(leased);
  });

  it("is forgotten by the counter a quarter of an hour later, its units are not", async () => {
    const tenant = await warmTenant(database, { api_calls: 1_000_000 });
    const { charges, close } = leasing(2);
    const [killed, other] = charges as [ChargeUsage, ChargeUsage];
    await chargeSteadily(killed, tenant, { count: 30, everyMs: 10 });
    const [name] = leaseNames(await counterOf(tenant));
    const { leased } = (await counterOf(tenant)) as Counter;
    const laterMs = noonMs + 20 * 60_000;
    await chargeSteadily(other, tenant, { count: 30, everyMs: 10, fromMs: laterMs });
    await other(chargeOf(tenant, "api_calls", { nowMs: laterMs + 60_000 }));
    const counter = await counterOf(tenant);
    expect(counter).toMatchObject({ leased });
    expect(counter).not.toHaveProperty(name as string);
    // Should it come back after all, its units stay where they are.
    await killed(chargeOf(tenant, "api_calls", { nowMs: laterMs + 61_000 }));
    close();
    expect(await counterOf(tenant)).toMatchObject({ leased, used: (counter?.used ?? 0) + 1 });
  });
});

describe("leases whose answers are lost", () => {
  it("are never taken twice, and nothing is admitted that is not stored: 30 % lost", async () => {
    const tenant = await warmTenant(database, { api_calls: 100_000 });
    let seed = 0;
    const losses: (() => number)[] = [];
    const { charges, close } = leasing(5, (client) => {
      losses.push(injectFaults(client, { lost: 0.3, conflict: 0, seed: ++seed }).losses);
    });
    const told = (
      await Promise.all(
        charges.map((charge) => chargeSteadily(charge, tenant, { count: 1500, everyMs: 10 })),
      )
    ).flat();
    const last = await Promise.all(
      charges.map((charge) =>
        chargeSteadily(charge, tenant, { count: 3, everyMs: 500, fromMs: noonMs + 60_000 }),
      ),
    );
    told.push(...last.flat());
    close();
    const { used = 0, leased = 0 } = (await counterOf(tenant)) ?? {};
    const charged = countOf(told, "charged");
    expect(losses.reduce((sum, next) => sum + next(), 0)).toBeGreaterThan(30);
    expect(charged + countOf(told, "unknown")).toBe(told.length);
    expect(used).toBeGreaterThanOrEqual(charged);
    expect(used - leased).toBeLessThanOrEqual(charged + countOf(told, "unknown"));
    expect(leased).toBeLessThanOrEqual(250);
  });
});
