import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import { keyText, readBatch } from "../aws/read-batch.ts";
import { sendOnce } from "../aws/send-once.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { newChargeId } from "../id.ts";
import { Problem } from "../problem.ts";
import type { Counter } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";
import { activePut, applyQuota, chargeUpdate } from "./counter-statements.ts";
import { dropFirstReleaseSets, notInFirstReleaseSets } from "./first-release-keys.ts";
import { ledgerOverlapMs } from "./idempotency.ts";
import { leaseStore } from "./lease-store.ts";
import type { LedgerEntry } from "./ledger-statements.ts";
import { ledgerPut, notInLedgerOf } from "./ledger-statements.ts";
import type { Period } from "./period.ts";
import { refusedDayBucket, shiftPeriod } from "./period.ts";
import { planCheck } from "./plan-statements.ts";
import { refundStore } from "./refund-store.ts";
import type { Plan, Resource } from "./tiers.ts";
import { resources } from "./tiers.ts";

/** How a charge without a key ended; `met` is the counter that refused it. */
export type CounterOutcome =
  | { charged: true; counter: Counter }
  | { charged: false; met: Counter | undefined };

/** How a charge with a key ended; `entry` is the one that holds the key already. */
export type LedgerOutcome =
  | { charged: true }
  | { charged: false; repeated: true; entry: LedgerEntry | undefined }
  | { charged: false; repeated: false; met: Counter | undefined };

/** Every statement that reads or charges a counter, or gives a charge back. */
export const usageStore = (documents: DynamoDBDocumentClient, table: string) => ({
  ...refundStore(documents, table),
  ...leaseStore(documents, table),

  async readCounter(
    manufacturerId: string,
    resource: Resource,
    period: Period,
  ): Promise<Counter | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: usageKeys.counter(manufacturerId, resource, period.name),
      }),
    );
    return Item as Counter | undefined;
  },

  async readPlan(manufacturerId: string): Promise<Plan | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: usageKeys.plan(manufacturerId),
      }),
    );
    return Item as Plan | undefined;
  },

  /** A counter, and the ledger entry that a key has made in the same period, in one call. */
  async readWithEntry(
    { manufacturerId, resource, period }: Charge,
    idempotencyKey: string,
  ): Promise<{ counter: Counter | undefined; entry: LedgerEntry | undefined }> {
    const counterKey = usageKeys.counter(manufacturerId, resource, period.name);
    const entryKey = usageKeys.ledgerEntry(manufacturerId, resource, period.name, idempotencyKey);
    const items = await readBatch(documents, table, [counterKey, entryKey]);
    return {
      counter: items.get(keyText(counterKey)) as Counter | undefined,
      entry: items.get(keyText(entryKey)) as LedgerEntry | undefined,
    };
  },

  /** The plan and every counter of a period, in one call. */
  async readAll(
    manufacturerId: string,
    period: Period,
  ): Promise<{ plan: Plan | undefined; counters: Partial<Record<Resource, Counter>> }> {
    const planKey = usageKeys.plan(manufacturerId);
    const counterKeys = resources.map(
      (resource) => [resource, usageKeys.counter(manufacturerId, resource, period.name)] as const,
    );
    const items = await readBatch(documents, table, [
      planKey,
      ...counterKeys.map(([, key]) => key),
    ]);
    return {
      plan: items.get(keyText(planKey)) as Plan | undefined,
      counters: Object.fromEntries(
        counterKeys.flatMap(([resource, key]) => {
          const item = items.get(keyText(key));
          return item ? [[resource, item as unknown as Counter]] : [];
        }),
      ),
    };
  },

  /**
   * Charges without a key: one statement, and the counter as it is afterwards. Sent once, since its
   * repeat would count again; where the answer is lost, the counter may still tell by its latest id.
   *
   * @param seen the counter as the environment saw it lately
   * @throws Problem `outcome-unknown`
   */
  async charge(charge: Charge, seen?: Counter): Promise<CounterOutcome> {
    const id = newChargeId();
    const { manufacturerId, resource, period, nowMs } = charge;
    try {
      const { Attributes } = await sendOnce(documents, {
        ...chargeUpdate(table, charge, {
          set: ", lastCharge = :id",
          ...dropFirstReleaseSets(seen, nowMs),
          values: { ":id": id },
        }),
        ReturnValues: "ALL_NEW",
      });
      return { charged: true, counter: Attributes as unknown as Counter };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { charged: false, met: error.Item && (unmarshall(error.Item) as Counter) };
      if (!(error instanceof Problem && error.code === "outcome-unknown")) throw error;
      // Where the counter cannot be read either, it stays unknown.
      const counter = await this.readCounter(manufacturerId, resource, period).catch(
        () => undefined,
      );
      if (counter?.lastCharge !== id) throw error;
      return { charged: true, counter };
    }
  },

  /**
   * Charges once per key, counter and ledger entry together or neither.
   *
   * @param seen the counter as the environment saw it lately
   */
  async chargeWithKey(charge: Charge, entry: LedgerEntry, seen?: Counter): Promise<LedgerOutcome> {
    const { nowMs, period } = charge;
    const { idempotencyKey } = entry;
    const outcome = await transact(documents, [
      {
        Update: chargeUpdate(table, charge, {
          ...dropFirstReleaseSets(seen, nowMs),
          ...notInFirstReleaseSets(idempotencyKey),
        }) as Statement["Update"],
      },
      ledgerPut(table, charge, entry),
      ...(nowMs - period.startsAtMs < ledgerOverlapMs
        ? [notInLedgerOf(table, charge, shiftPeriod(period, -1), idempotencyKey)]
        : []),
    ]);
    return ledgerOutcome(outcome);
  },

  /** Makes or renews a counter under the plan; not committed when the plan changed meanwhile. */
  settle(plan: Plan, charge: Pick<Charge, "resource" | "period" | "nowMs">): Promise<Outcome> {
    return transact(documents, [
      planCheck(table, plan),
      applyQuota(table, plan, charge),
      activePut(table, plan.manufacturerId, charge.period),
    ]);
  },

  /**
   * Adds to the units that were refused in the month and on the day, for forecasts and advice on tiers.
   * Sent once, so that the sum is a lower bound.
   *
   * @throws Problem `outcome-unknown`
   */
  async recordRefusals(
    { manufacturerId, resource, period, nowMs }: Charge,
    amount: number,
  ): Promise<void> {
    await sendOnce(documents, {
      TableName: table,
      Key: usageKeys.counter(manufacturerId, resource, period.name),
      UpdateExpression: "ADD refused :amount, #day :amount",
      ExpressionAttributeNames: { "#day": refusedDayBucket(nowMs) },
      ExpressionAttributeValues: { ":amount": amount },
    });
  },
});

export type UsageStore = ReturnType<typeof usageStore>;

function ledgerOutcome(outcome: Outcome): LedgerOutcome {
  if (outcome.committed) return { charged: true };
  const [repeated] = [...outcome.failed].filter(([statement]) => statement > 0);
  return repeated
    ? { charged: false, repeated: true, entry: repeated[1] as LedgerEntry | undefined }
    : { charged: false, repeated: false, met: outcome.failed.get(0) as Counter | undefined };
}
