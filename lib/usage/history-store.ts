import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import { keyText, readBatch } from "../aws/read-batch.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Counter } from "./counter.ts";
import type { LedgerEntry } from "./ledger-statements.ts";
import type { Period } from "./period.ts";
import type { Adjustment } from "./refund.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Plan, Resource } from "./tiers.ts";
import { resources } from "./tiers.ts";

/** A month's counter, day buckets included. */
export type MonthCounter = Counter & { period: string };

export type StoredLedgerEntry = LedgerEntry & { refundedAtMs?: number };

const ledgerPrefix = "LEDGER#";

/** Every statement that reads what has been used. */
export const historyStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /** The counters of a resource from one period to another, both included, oldest first. */
  async readMonths(
    manufacturerId: string,
    resource: Resource,
    first: Period,
    last: Period,
  ): Promise<MonthCounter[]> {
    const { pk } = usageKeys.counter(manufacturerId, resource, last.name);
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${partitionKey} = :counter AND ${sortKey} BETWEEN :first AND :last`,
        ExpressionAttributeValues: { ":counter": pk, ":first": first.name, ":last": last.name },
      }),
    );
    return Items.map((item) => ({ ...item, period: item[sortKey] }) as MonthCounter);
  },

  /** What a report is made of: the snapshot once the period is closed, else the live counters. */
  async readPeriod(
    manufacturerId: string,
    period: Period,
  ): Promise<{
    plan: Plan | undefined;
    counters: Partial<Record<Resource, Counter>>;
    snapshot: Snapshot | undefined;
  }> {
    const planKey = usageKeys.plan(manufacturerId);
    const closeKey = usageKeys.close(manufacturerId, period.name);
    const counterKeys = resources.map(
      (resource) => [resource, usageKeys.counter(manufacturerId, resource, period.name)] as const,
    );
    const items = await readBatch(documents, table, [
      planKey,
      closeKey,
      ...counterKeys.map(([, key]) => key),
    ]);
    return {
      plan: items.get(keyText(planKey)) as Plan | undefined,
      snapshot: items.get(keyText(closeKey)) as Snapshot | undefined,
      counters: Object.fromEntries(
        counterKeys.flatMap(([resource, key]) => {
          const item = items.get(keyText(key));
          return item ? [[resource, item as unknown as Counter]] : [];
        }),
      ),
    };
  },

  /** What changed in a period after it was closed, in no particular order; a hundred at most. */
  async listAdjustments(manufacturerId: string, period: Period): Promise<Adjustment[]> {
    const { pk, sk } = usageKeys.adjustment(manufacturerId, period.name, "");
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${partitionKey} = :manufacturer AND begins_with(${sortKey}, :prefix)`,
        ExpressionAttributeValues: { ":manufacturer": pk, ":prefix": sk },
        Limit: 100,
      }),
    );
    return Items as Adjustment[];
  },

  /** A page of a resource's ledger of a period, in the order of the keys. */
  async listLedger(
    manufacturerId: string,
    resource: Resource,
    period: Period,
    { afterKey, limit }: { afterKey: string | undefined; limit: number },
  ): Promise<{ entries: StoredLedgerEntry[]; lastKey: string | undefined }> {
    const place = usageKeys.ledgerEntry(manufacturerId, resource, period.name, afterKey ?? "");
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${partitionKey} = :ledger AND begins_with(${sortKey}, :prefix)`,
        ExpressionAttributeValues: { ":ledger": place.pk, ":prefix": ledgerPrefix },
        ...(afterKey === undefined ? {} : { ExclusiveStartKey: place }),
        Limit: limit,
      }),
    );
    const lastSortKey = LastEvaluatedKey?.[sortKey] as string | undefined;
    return {
      entries: Items as StoredLedgerEntry[],
      lastKey: lastSortKey?.slice(ledgerPrefix.length),
    };
  },
});

export type HistoryStore = ReturnType<typeof historyStore>;
