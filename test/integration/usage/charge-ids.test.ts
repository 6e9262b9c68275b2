import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newChargeId } from "../../../lib/id.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { chargeIdsMax, chargeIdsMin } from "../../../lib/usage/charge-ids.ts";
import { chargeUpdate } from "../../../lib/usage/counter-statements.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { connect, startDatabase } from "./database.ts";
import { injectFaults, ResponseLost } from "./faults.ts";
import { chargeOf, inParallel, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
let store: UsageStore;
beforeAll(async () => {
  database = await startDatabase();
  store = usageStore(database.documents, "usage");
});
afterAll(() => database.stop());

const counterOf = (tenant: string) => store.readCounter(tenant, "api_calls", periodAt(noonMs));
const plainCharge = (tenant: string) => ({
  ...chargeOf(tenant, "api_calls"),
  period: periodAt(noonMs),
});

/** Environments of a function: clients and memories of their own. */
function environmentsOf(count: number, prepare?: (client: DynamoDBDocumentClient) => void) {
  const clients = Array.from({ length: count }, () => connect(database.endpoint));
  let requests = 0;
  for (const client of clients) {
    prepare?.(client);
    client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "count" },
    );
  }
  return {
    charges: clients.map((client) => charger(usageStore(client, "usage"))),
    requests: () => requests,
    close: () => {
      for (const client of clients) client.destroy();
    },
  };
}

/** A tenant whose counter is there already: the first charge of a month takes longer. */
async function warmTenant(limit: number): Promise<string> {
  const tenant = await newTenant(database.documents, "free", { api_calls: limit });
  const plan = await store.readPlan(tenant);
  if (plan) await store.settle(plan, plainCharge(tenant));
  return tenant;
}

describe("charges without a key whose answers are lost", () => {
  it("are counted once each, and the caller who hears of them is told ok", async () => {
    const tenant = await warmTenant(100_000);
    let seed = 0;
    const losses: (() => number)[] = [];
    const { charges, close } = environmentsOf(5, (client) => {
      losses.push(injectFaults(client, { lost: 0.2, conflict: 0, seed: ++seed }).losses);
    });
    let silent = 0;
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        charges.map(async (charge) => {
          try {
            expect((await charge(chargeOf(tenant, "api_calls"))).outcome).toBe("charged");
          } catch (error) {
            // Every attempt of the SDK lost its answer; the first one had charged.
            if (!(error instanceof ResponseLost)) throw error;
            silent += 1;
          }
        }),
      );
    }
    close();
    expect(losses.reduce((sum, count) => sum + count(), 0)).toBeGreaterThan(silent);
    expect(await counterOf(tenant)).toMatchObject({ used: 200, d24: 200 });
  });

  it("are told ok even where they used up the quota", async () => {
    const tenant = await warmTenant(3);
    const { charges, close } = environmentsOf(1, (client) => {
      injectFaults(client, { lost: 0.4, conflict: 0, seed: 7 });
    });
    const outcomes: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const verdict = await charges[0]?.(chargeOf(tenant, "api_calls")).catch((error) => {
        if (!(error instanceof ResponseLost)) throw error;
        return { outcome: "charged" as const };
      });
      outcomes.push(verdict?.outcome ?? "");
    }
    close();
    expect(outcomes).toEqual(["charged", "charged", "charged", "refused", "refused"]);
    expect(await counterOf(tenant)).toMatchObject({ used: 3, remaining: 0 });
  });

  it("would be counted twice without an id of their own (negative control)", async () => {
    const tenant = await warmTenant(100);
    const client = connect(database.endpoint);
    const { losses } = injectFaults(client, { lost: 0.5, conflict: 0, seed: 3 });
    for (let turn = 0; turn < 10; turn++) {
      await client
        .send(new UpdateCommand(chargeUpdate("usage", plainCharge(tenant))))
        .catch(() => undefined);
    }
    client.destroy();
    expect(losses()).toBeGreaterThan(0);
    expect((await counterOf(tenant))?.used).toBeGreaterThan(10);
  });
});

describe("an id", () => {
  it("outlasts at least sixteen other charges, wherever in the set it lies", async () => {
    const tenant = await warmTenant(100_000);
    const charge = charger(store);
    for (let offset = 0; offset <= chargeIdsMin; offset++) {
      await charge(chargeOf(tenant, "api_calls"));
      const id = newChargeId();
      const own = async () => {
        const first = await store.charge(plainCharge(tenant), id);
        return first.charged ? first : store.charge(plainCharge(tenant), id, true);
      };
      expect(await own()).toMatchObject({ charged: true });
      for (let other = 0; other < chargeIdsMin; other++) {
        await charge(chargeOf(tenant, "api_calls"));
      }
      for (const rotates of [false, true]) {
        expect(await store.charge(plainCharge(tenant), id, rotates)).toMatchObject({
          charged: false,
        });
      }
    }
  });
});

describe("requests of charges without a key", () => {
  it("are as many as the charges where one environment makes them", async () => {
    const tenant = await warmTenant(100_000);
    const { charges, requests, close } = environmentsOf(1);
    for (let turn = 0; turn < 200; turn++) await charges[0]?.(chargeOf(tenant, "api_calls"));
    close();
    expect(requests()).toBe(200);
    expect((await counterOf(tenant))?.chargeIds?.size).toBeLessThanOrEqual(chargeIdsMin);
  });

  it.each([
    { manner: "one after the other", width: 1 },
    { manner: "all at the same time", width: 20 },
  ])("are less than a fifth more where twenty environments charge $manner", async ({ width }) => {
    const tenant = await warmTenant(100_000);
    const { charges, requests, close } = environmentsOf(20);
    const turns = Array.from({ length: 480 }, (_, turn) => turn);
    await inParallel(turns, width, async (turn) => {
      const verdict = await charges[turn % 20]?.(chargeOf(tenant, "api_calls"));
      expect(verdict?.outcome).toBe("charged");
    });
    close();
    expect(requests()).toBeLessThan(1.2 * turns.length);
    const counter = await counterOf(tenant);
    expect(counter).toMatchObject({ used: turns.length });
    for (const ids of [counter?.chargeIds, counter?.previousChargeIds]) {
      expect(ids?.size ?? 0).toBeLessThanOrEqual(chargeIdsMax);
    }
  });
});
