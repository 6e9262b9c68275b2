import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../../lib/problem.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import { resources } from "../../../lib/usage/tiers.ts";
import { checkThenWrite } from "./check-then-write.ts";
import type { TestDatabase } from "./database.ts";
import { connect, startDatabase } from "./database.ts";
import { injectFaults, ResponseLost } from "./faults.ts";
import { chargeOf, inParallel, newTenant, noonMs } from "./tenant.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const limit = 300;
const attempts = 450;
const callerRepeatsMax = 10;

/** A caller who repeats what failed with the same key, and gives up on nothing but a clear answer. */
async function insist(call: () => Promise<boolean>): Promise<"ok" | "refused" | "contention"> {
  for (let repeat = 1; ; repeat++) {
    try {
      return (await call()) ? "ok" : "refused";
    } catch (error) {
      const isRepeatable = error instanceof ResponseLost || error instanceof Problem;
      if (!isRepeatable) throw error;
      if (repeat === callerRepeatsMax) return "contention";
    }
  }
}

describe.each(resources.map((resource) => ({ resource })))(
  "$resource with one response in twenty lost",
  ({ resource }) => {
    it.each([{ conflict: 0 }, { conflict: 0.2 }])(
      "tells ok exactly as often as it stores, up to the limit (conflicts: $conflict)",
      async ({ conflict }) => {
        const tenant = await newTenant(database.documents, "free", { [resource]: limit });
        const environments = Array.from({ length: 5 }, (_, index) => {
          const client = connect(database.endpoint);
          const faults = injectFaults(client, { lost: 0.05, conflict, seed: index + 1 });
          return { client, faults, charge: charger(usageStore(client, "usage")) };
        });
        const answers = await inParallel(
          Array.from({ length: attempts }, (_, index) => index),
          20,
          (index) =>
            insist(async () => {
              // A repeat may reach any environment, not only the one that has charged.
              const { charge } = environments[
                Math.floor(Math.random() * 5)
              ] as (typeof environments)[0];
              const { outcome } = await charge(
                chargeOf(tenant, resource, { idempotencyKey: `key-${index}` }),
              );
              return outcome !== "refused";
            }),
        );
        const sum = (count: (faults: ReturnType<typeof injectFaults>) => number) =>
          environments.reduce((total, { faults }) => total + count(faults), 0);
        expect(sum(({ losses }) => losses())).toBeGreaterThan(10);
        if (conflict > 0) expect(sum(({ conflicts }) => conflicts())).toBeGreaterThan(10);
        for (const { client } of environments) client.destroy();

        const toldOk = answers.filter((answer) => answer === "ok").length;
        const counter = await usageStore(database.documents, "usage").readCounter(
          tenant,
          resource,
          periodAt(noonMs),
        );
        expect(counter?.used).toBe(toldOk);
        expect(toldOk).toBe(limit);
      },
    );
  },
);

describe("check-then-write under the same faults (negative control)", () => {
  it("tells ok more often than it may, and stores what it did not tell", async () => {
    const environments = Array.from({ length: 5 }, (_, index) => {
      const client = connect(database.endpoint);
      injectFaults(client, { lost: 0.05, conflict: 0, seed: index + 1 });
      return { client, charge: checkThenWrite(client, "control", limit) };
    });
    const answers = await inParallel(
      Array.from({ length: attempts }, (_, index) => index),
      20,
      (index) => insist(() => (environments[index % 5] as (typeof environments)[0]).charge()),
    );
    for (const { client } of environments) client.destroy();
    const { Item } = await database.documents.send(
      new GetCommand({ TableName: "usage", Key: { pk: "CONTROL#control", sk: "COUNTER" } }),
    );
    const toldOk = answers.filter((answer) => answer === "ok").length;
    expect(Item?.["used"]).toBeGreaterThan(limit);
    expect(Item?.["used"]).toBeGreaterThan(toldOk);
  });
});
