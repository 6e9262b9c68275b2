import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { usageKeys } from "../aws/item-keys.ts";
import { keyText, readBatch } from "../aws/read-batch.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import { transact } from "../aws/transact.ts";
import type { Counter } from "./counter.ts";
import type { Period } from "./period.ts";
import { shiftPeriod } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Plan, Resource } from "./tiers.ts";
import { resources } from "./tiers.ts";

/** How far a shard has come: where the next page begins, and how many manufacturers are closed. */
export interface ShardProgress {
  cursor?: string | undefined;
  isDone: boolean;
  closed: number;
}

/** What closing one manufacturer's period needs to know. */
export interface PeriodState {
  plan: Plan | undefined;
  counters: Partial<Record<Resource, Counter>>;
  /** Snapshots of the two periods before. */
  earlier: Snapshot[];
}

const monthsBack = 2;
/** Six items a manufacturer, and a batch reads a hundred. */
export const closePageSize = 16;

/** Every statement of closing a period. */
export const closeStore = (
  documents: DynamoDBDocumentClient,
  tables: { usage: string; audit: string },
) => ({
  async readProgress(period: Period, shard: number): Promise<ShardProgress> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.usage,
        ConsistentRead: true,
        Key: usageKeys.closeProgress(period.name, shard),
      }),
    );
    return (Item as ShardProgress | undefined) ?? { isDone: false, closed: 0 };
  },

  async saveProgress(period: Period, shard: number, progress: ShardProgress): Promise<void> {
    await documents.send(
      new PutCommand({
        TableName: tables.usage,
        Item: { ...usageKeys.closeProgress(period.name, shard), ...progress },
      }),
    );
  },

  /** A page of the manufacturers that used anything in a period. */
  async listActive(
    period: Period,
    shard: number,
    cursor: string | undefined,
  ): Promise<{ manufacturerIds: string[]; cursor: string | undefined }> {
    const { pk } = usageKeys.active(period.name, shard, "");
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: tables.usage,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :shard`,
        ExpressionAttributeValues: { ":shard": pk },
        ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk, sk: cursor } }),
        Limit: closePageSize,
      }),
    );
    return {
      manufacturerIds: Items.map((item) => item["manufacturerId"] as string),
      cursor: LastEvaluatedKey?.[sortKey] as string | undefined,
    };
  },

  /** The state of up to `closePageSize` manufacturers, in one call. */
  async readStates(
    manufacturerIds: readonly string[],
    period: Period,
  ): Promise<ReadonlyMap<string, PeriodState>> {
    const keysOf = (id: string) => ({
      plan: usageKeys.plan(id),
      counters: resources.map((name) => [name, usageKeys.counter(id, name, period.name)] as const),
      earlier: Array.from({ length: monthsBack }, (_, index) =>
        usageKeys.close(id, shiftPeriod(period, -1 - index).name),
      ),
    });
    const keys = new Map(manufacturerIds.map((id) => [id, keysOf(id)]));
    const items = await readBatch(
      documents,
      tables.usage,
      [...keys.values()].flatMap(({ plan, counters, earlier }) => [
        plan,
        ...counters.map(([, key]) => key),
        ...earlier,
      ]),
    );
    return new Map(
      [...keys].map(([id, { plan, counters, earlier }]) => [
        id,
        {
          plan: items.get(keyText(plan)) as Plan | undefined,
          counters: Object.fromEntries(
            counters.flatMap(([name, key]) => {
              const item = items.get(keyText(key));
              return item ? [[name, item as unknown as Counter]] : [];
            }),
          ),
          earlier: earlier.flatMap((key) => {
            const item = items.get(keyText(key));
            return item ? [item as unknown as Snapshot] : [];
          }),
        },
      ]),
    );
  },

  /**
   * Keeps a snapshot with the records of closing it, once and for good. It is exact at the moment it
   * is kept: a counter that has moved since it was read fails the transaction.
   */
  async close(
    snapshot: Snapshot,
    period: Period,
    entries: readonly AuditEntry[],
  ): Promise<"closed" | "closed-before" | "moved"> {
    const { manufacturerId } = snapshot;
    const outcome = await transact(documents, [
      {
        Put: {
          TableName: tables.usage,
          Item: { ...usageKeys.close(manufacturerId, period.name), ...snapshot },
          ConditionExpression: `attribute_not_exists(${partitionKey})`,
        },
      },
      ...resources.map((resource) => ({
        ConditionCheck: {
          TableName: tables.usage,
          Key: usageKeys.counter(manufacturerId, resource, period.name),
          ConditionExpression: "attribute_not_exists(used) OR used = :used",
          ExpressionAttributeValues: { ":used": snapshot.resources[resource].used },
        },
      })),
      ...entries.map((entry) => auditPut(tables.audit, entry)),
    ]);
    if (outcome.committed) return "closed";
    return outcome.failed.has(0) ? "closed-before" : "moved";
  },
});

export type CloseStore = ReturnType<typeof closeStore>;
