import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../../lib/problem.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { chargeUpdate } from "../../../lib/usage/counter-statements.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { TestDatabase } from "./database.ts";
import { connect, startDatabase } from "./database.ts";
import { environmentsOf, warmTenant } from "./environments.ts";
import { injectFaults } from "./faults.ts";
import { chargeOf, inParallel, noonMs } from "./tenant.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const counterOf = (tenant: string) =>
  usageStore(database.documents, "usage").readCounter(tenant, "api_calls", periodAt(noonMs));
const turns = Array.from({ length: 600 }, (_, turn) => turn);

/** Environments whose clients lose a share of the answers. */
function lossyEnvironments(count: number, lost: number) {
  let seed = 0;
  const losses: (() => number)[] = [];
  const environments = environmentsOf(database, count, (client) => {
    losses.push(injectFaults(client, { lost, conflict: 0, seed: ++seed }).losses);
  });
  return { ...environments, losses: () => losses.reduce((sum, next) => sum + next(), 0) };
}

/** `unknown` where the caller is told that nobody knows. */
async function answerOf(charge: Promise<{ outcome: string }>): Promise<string> {
  try {
    return (await charge).outcome;
  } catch (error) {
    if (error instanceof Problem && error.code === "outcome-unknown") return "unknown";
    throw error;
  }
}

describe("charges without a key whose answers are lost", () => {
  it.each([0.05, 0.3])(
    "count once at most: what is stored is what was told ok, or was told to be unknown (%s lost, 100 at a time)",
    async (lost) => {
      const tenant = await warmTenant(database, { api_calls: 100_000 });
      const { chargeAt, losses, close } = lossyEnvironments(5, lost);
      const answers = await inParallel(turns, 100, (turn) =>
        answerOf(chargeAt(turn)(chargeOf(tenant, "api_calls"))),
      );
      close();
      const count = (answer: string) => answers.filter((told) => told === answer).length;
      const used = (await counterOf(tenant))?.used ?? 0;
      expect(losses()).toBeGreaterThan(10);
      expect(count("charged") + count("unknown")).toBe(turns.length);
      expect(used).toBeGreaterThanOrEqual(count("charged"));
      expect(used).toBeLessThanOrEqual(count("charged") + count("unknown"));
    },
  );

  it("are told ok where no other charge without a key came after them", async () => {
    const tenant = await warmTenant(database, { api_calls: 100_000 });
    const { chargeAt, losses, close } = lossyEnvironments(2, 0.1);
    for (const turn of turns.slice(0, 100)) {
      expect(await answerOf(chargeAt(turn)(chargeOf(tenant, "api_calls")))).toBe("charged");
    }
    close();
    expect(losses()).toBeGreaterThan(3);
    expect(await counterOf(tenant)).toMatchObject({ used: 100, d24: 100 });
  });

  it("are told ok even where they used up the quota", async () => {
    const tenant = await warmTenant(database, { api_calls: 3 });
    const { charges, close } = lossyEnvironments(1, 0.4);
    const outcomes: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      outcomes.push((await charges[0]?.(chargeOf(tenant, "api_calls")))?.outcome ?? "");
    }
    close();
    expect(outcomes).toEqual(["charged", "charged", "charged", "refused", "refused"]);
  });

  it("would count twice if the SDK repeated them (negative control)", async () => {
    const tenant = await warmTenant(database, { api_calls: 100 });
    const client = connect(database.endpoint);
    injectFaults(client, { lost: 0.5, conflict: 0, seed: 3 });
    const charge = { ...chargeOf(tenant, "api_calls"), period: periodAt(noonMs) };
    for (let turn = 0; turn < 10; turn++) {
      await client.send(new UpdateCommand(chargeUpdate("usage", charge))).catch(() => undefined);
    }
    client.destroy();
    expect((await counterOf(tenant))?.used).toBeGreaterThan(10);
  });
});

describe("refusals whose recording is answered by nobody", () => {
  it("are counted once at most", async () => {
    const tenant = await warmTenant(database, { api_calls: 0 });
    const client = connect(database.endpoint);
    const charge = charger(usageStore(client, "usage"));
    // Far enough apart for each to be recorded by itself.
    const refuse = (turn: number) =>
      charge(chargeOf(tenant, "api_calls", { nowMs: noonMs + turn * 11_000 }));
    await refuse(0);
    injectFaults(client, { lost: 0.4, conflict: 0, seed: 5 });
    for (let turn = 1; turn < 30; turn++) await refuse(turn).catch(() => undefined);
    client.destroy();
    const { refused } = (await counterOf(tenant)) ?? {};
    expect(refused).toBeGreaterThan(20);
    expect(refused).toBeLessThanOrEqual(30);
  });
});
