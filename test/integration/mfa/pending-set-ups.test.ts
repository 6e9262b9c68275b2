import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId } from "../../../lib/id.ts";
import type { TotpFactor } from "../../../lib/mfa/factor.ts";
import type { FactorStore } from "../../../lib/mfa/factor-store.ts";
import { factorStore, setUpsPerHourMax } from "../../../lib/mfa/factor-store.ts";
import { callerOf, putMember } from "../../support/members.ts";
import { barrier, race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const racers = 30;

const store = (): FactorStore => factorStore(services.documents, services.tableNames, Date.now);

async function countPending(memberId: string): Promise<number> {
  const { Count = 0 } = await services.documents.send(
    new QueryCommand({
      TableName: services.tableNames.identity,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :member AND begins_with(sk, :factors)",
      ExpressionAttributeValues: {
        ":member": identityKeys.memberOf(memberId).pk,
        ":factors": identityKeys.factorPrefix,
      },
    }),
  );
  return Count;
}

/** Counts what is pending, then puts: what a statement without the condition comes down to. */
const naiveStore = (allHaveLooked = barrier(racers)): FactorStore => ({
  ...store(),
  async putPending(_actor, factor) {
    if ((await countPending(factor.memberId)) >= setUpsPerHourMax)
      return { committed: false, failed: new Map() };
    await allHaveLooked();
    const Item = { ...identityKeys.factor(factor.memberId, factor.factorId), ...factor };
    await services.documents.send(
      new PutCommand({ TableName: services.tableNames.identity, Item }),
    );
    return { committed: true };
  },
});

/** How many apps are pending after one member has set up many at once. */
async function setUpAtOnce(factors: FactorStore): Promise<number> {
  const member = await putMember(services, newId("manufacturer"), "owner");
  const { memberId, manufacturerId } = member;
  const actor = callerOf(member, "factors:enrol");
  const factor = {
    memberId,
    manufacturerId,
    kind: "totp",
    status: "pending",
    createdAtMs: Date.now(),
  };
  // Whoever loses each round of a conflict is told `contention` and comes again.
  for (let round = 0; round < 3; round++) {
    await race(racers, () =>
      factors.putPending(actor, { ...factor, factorId: newId("factor") } as TotpFactor),
    );
  }
  return countPending(memberId);
}

describe(`${racers} apps set up at once by one member, again and again`, () => {
  test("as many of them are pending as an hour may have", async () => {
    expect(await setUpAtOnce(store())).toBe(setUpsPerHourMax);
  });

  test("negative control: counting first and putting then keeps all", async () => {
    expect(await setUpAtOnce(naiveStore())).toBeGreaterThanOrEqual(racers);
  });
});
