import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient, UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import { keyText, readBatch } from "../aws/read-batch.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { appendChargeId, chargeIdsMin, rotateChargeIds } from "./charge-ids.ts";
import type { Counter } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";
import {
  activePut,
  appendRecent,
  applyQuota,
  chargeUpdate,
  deferToLedger,
  expectSeen,
  notRememberedBy,
  refundUpdate,
  rotateRecent,
} from "./counter-statements.ts";
import { ledgerOverlapMs, recentIdOf, recentWindowMs } from "./idempotency.ts";
import type { LedgerEntry } from "./ledger-statements.ts";
import { ledgerPut, ledgerRefund, notInLedgerOf } from "./ledger-statements.ts";
import type { Period } from "./period.ts";
import { refusedDayBucket, shiftPeriod } from "./period.ts";
import { planCheck } from "./plan-statements.ts";
import type { Plan, Resource } from "./tiers.ts";
import { ledgerResources, resources } from "./tiers.ts";

/** How a charge of `api_calls` ended; `met` is the counter that refused it. */
export type CounterOutcome =
  | { charged: true; counter: Counter }
  | { charged: false; met: Counter | undefined };

/** How a charge with a ledger entry ended; `entry` is the one that holds the key already. */
export type LedgerOutcome =
  | { charged: true }
  | { charged: false; repeated: true; entry: LedgerEntry | undefined }
  | { charged: false; repeated: false; met: Counter | undefined };

/** Every statement that reads or charges a counter. */
export const usageStore = (documents: DynamoDBDocumentClient, table: string) => ({
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
   * Charges without a key, once per id: one statement, and the counter as it is afterwards. It fails
   * where the set of ids is full, or not full enough to be rotated.
   */
  charge(charge: Charge, id: string, rotates = false): Promise<CounterOutcome> {
    const extension = rotates ? rotateChargeIds(id) : appendChargeId(id);
    return update(documents, chargeUpdate(table, charge, extension));
  },

  /** Rotates the set of charge ids on its own; fails where somebody else just did. */
  async rotateChargeIds({ manufacturerId, resource, period }: Charge): Promise<void> {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: usageKeys.counter(manufacturerId, resource, period.name),
        UpdateExpression: "SET previousChargeIds = chargeIds REMOVE chargeIds",
        ConditionExpression: "size(chargeIds) >= :chargeIdsMin",
        ExpressionAttributeValues: { ":chargeIdsMin": chargeIdsMin },
      }),
    );
  },

  /** Charges once per key while the counter's sets remember it. */
  chargeRemembering(
    charge: Charge,
    idempotencyKey: string,
    rotateFromMs?: number,
  ): Promise<CounterOutcome> {
    const id = recentIdOf(idempotencyKey);
    const extension =
      rotateFromMs === undefined ? appendRecent(id, charge.nowMs) : rotateRecent(id, rotateFromMs);
    return update(documents, chargeUpdate(table, charge, extension));
  },

  /**
   * Charges once per key, counter and ledger entry together or neither.
   *
   * @param seen when given, only a counter that is still the same is charged.
   */
  async chargeWithLedger(
    charge: Charge,
    entry: LedgerEntry,
    seen?: Counter,
  ): Promise<LedgerOutcome> {
    const { resource, nowMs, period } = charge;
    const isLedgerResource = ledgerResources.includes(resource);
    const id = recentIdOf(entry.idempotencyKey);
    const before = shiftPeriod(period, -1);
    const overlapMs = isLedgerResource ? ledgerOverlapMs : recentWindowMs;
    const extension = isLedgerResource
      ? seen === undefined
        ? undefined
        : expectSeen(seen)
      : deferToLedger(id, nowMs);
    const outcome = await transact(documents, [
      { Update: chargeUpdate(table, charge, extension) as Statement["Update"] },
      ledgerPut(table, charge, entry),
      ...(nowMs - period.startsAtMs < overlapMs
        ? [
            notInLedgerOf(table, charge, before, entry.idempotencyKey),
            ...(isLedgerResource ? [] : [notRememberedBy(table, charge, before, id)]),
          ]
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
   * Gives a charge back; with a key only once, and the key may be charged again.
   *
   * @param chargedBy gives back only what the ledger says that this request was charged for.
   */
  async refund(charge: Charge, idempotencyKey?: string, chargedBy?: string): Promise<boolean> {
    if (idempotencyKey === undefined) {
      return (await transact(documents, [refundUpdate(table, charge)])).committed;
    }
    if (!ledgerResources.includes(charge.resource) && chargedBy === undefined) {
      const id = recentIdOf(idempotencyKey);
      const { committed } = await transact(documents, [refundUpdate(table, charge, id)]);
      if (committed) return true;
    }
    const { committed } = await transact(documents, [
      refundUpdate(table, charge),
      ledgerRefund(table, charge, idempotencyKey, chargedBy),
    ]);
    return committed;
  },

  /** Adds to the units that were refused in the month and on the day, for forecasts and advice on tiers. */
  async recordRefusals(
    { manufacturerId, resource, period, nowMs }: Charge,
    amount: number,
  ): Promise<void> {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: usageKeys.counter(manufacturerId, resource, period.name),
        UpdateExpression: "ADD refused :amount, #day :amount",
        ExpressionAttributeNames: { "#day": refusedDayBucket(nowMs) },
        ExpressionAttributeValues: { ":amount": amount },
      }),
    );
  },
});

export type UsageStore = ReturnType<typeof usageStore>;

async function update(
  documents: DynamoDBDocumentClient,
  input: UpdateCommandInput,
): Promise<CounterOutcome> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({ ...input, ReturnValues: "ALL_NEW" }),
    );
    return { charged: true, counter: Attributes as unknown as Counter };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { charged: false, met: error.Item && (unmarshall(error.Item) as Counter) };
  }
}

function ledgerOutcome(outcome: Outcome): LedgerOutcome {
  if (outcome.committed) return { charged: true };
  const [repeated] = [...outcome.failed].filter(([statement]) => statement > 0);
  return repeated
    ? { charged: false, repeated: true, entry: repeated[1] as LedgerEntry | undefined }
    : { charged: false, repeated: false, met: outcome.failed.get(0) as Counter | undefined };
}
