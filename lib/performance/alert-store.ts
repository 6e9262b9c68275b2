import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand, paginateQuery, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { platformManufacturerId } from "../access/rank.ts";
import type { Origin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";

import { metricsKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import { transact } from "../aws/transact.ts";
import { toEpochSeconds, toRfc3339 } from "../clock.ts";
import type { Alert, Watch } from "./alert.ts";
import { hourMs } from "./rollup.ts";

const pastAlertLifetimeMs = 400 * 24 * hourMs;

/** Every statement on alerts and on what the detectors remember. */
export const alertStore = (
  documents: DynamoDBDocumentClient,
  tables: { metrics: string; audit?: string },
) => {
  const list = async (partition: string, prefix = ""): Promise<Record<string, unknown>[]> => {
    const pages = paginateQuery(
      { client: documents },
      {
        TableName: tables.metrics,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :partition${prefix && ` AND begins_with(${sortKey}, :prefix)`}`,
        ExpressionAttributeValues: {
          ":partition": partition,
          ...(prefix && { ":prefix": prefix }),
        },
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  };

  return {
    listOpen: async (): Promise<Alert[]> =>
      (await list(metricsKeys.alertPartition, "OPEN#")) as unknown as Alert[],

    /** The alerts raised last that are over, newest first. */
    async listPast(countMax: number): Promise<Alert[]> {
      const { Items = [] } = await documents.send(
        new QueryCommand({
          TableName: tables.metrics,
          KeyConditionExpression: `${partitionKey} = :partition AND begins_with(${sortKey}, :prefix)`,
          ExpressionAttributeValues: {
            ":partition": metricsKeys.alertPartition,
            ":prefix": "PAST#",
          },
          ScanIndexForward: false,
          Limit: countMax,
        }),
      );
      return Items as Alert[];
    },

    listWatches: async (): Promise<Watch[]> =>
      (await list(metricsKeys.detectorPartition)) as unknown as Watch[],

    /** Opens an alert with its audit record, unless it is open; tells whether this call opened it. */
    async raise(alert: Alert, origin: Origin): Promise<boolean> {
      const outcome = await transact(documents, [
        {
          Put: {
            TableName: tables.metrics,
            Item: { ...metricsKeys.openAlert(alert.operation, alert.kind), ...alert },
            ConditionExpression: `attribute_not_exists(${partitionKey})`,
          },
        },
        auditPut(
          tables.audit,
          entryOf("performance.alert.raised", alert, alert.raisedAtMs, origin),
        ),
      ]);
      return outcome.committed;
    },

    /** Closes the alert that was read, with its audit record; tells whether this call closed it. */
    async clear(alert: Alert, nowMs: number, origin: Origin): Promise<boolean> {
      const { operation, kind, raisedAtMs } = alert;
      const cleared: Alert = { ...alert, clearedAtMs: nowMs };
      const outcome = await transact(documents, [
        {
          Delete: {
            TableName: tables.metrics,
            Key: metricsKeys.openAlert(operation, kind),
            ConditionExpression: "raisedAtMs = :raisedAtMs",
            ExpressionAttributeValues: { ":raisedAtMs": raisedAtMs },
          },
        },
        {
          Put: {
            TableName: tables.metrics,
            Item: {
              ...cleared,
              ...metricsKeys.pastAlert(operation, kind, toRfc3339(raisedAtMs)),
              expiresAt: toEpochSeconds(nowMs + pastAlertLifetimeMs),
            },
          },
        },
        auditPut(tables.audit, entryOf("performance.alert.cleared", cleared, nowMs, origin)),
      ]);
      return outcome.committed;
    },

    /** Remembers a check, unless another one has gone on from the same point meanwhile. */
    async saveWatch(watch: Watch, previous: Watch | undefined): Promise<boolean> {
      try {
        await documents.send(
          new PutCommand({
            TableName: tables.metrics,
            Item: { ...metricsKeys.detector(watch.operation), ...watch },
            ...(previous
              ? {
                  ConditionExpression: "checkedAtMs = :checkedAtMs",
                  ExpressionAttributeValues: { ":checkedAtMs": previous.checkedAtMs },
                }
              : { ConditionExpression: `attribute_not_exists(${partitionKey})` }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
};

export type AlertStore = ReturnType<typeof alertStore>;

const entryOf = (
  action: string,
  { operation, kind, version, evidence }: Alert,
  timeMs: number,
  origin: Origin,
) => ({
  manufacturerId: platformManufacturerId,
  action,
  outcome: "success" as const,
  subjectId: operation,
  origin,
  timeMs,
  details: { kind, version, ...evidence },
});
