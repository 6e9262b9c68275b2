import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { platformManufacturerId } from "../access/rank.ts";
import type { Origin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";
import { metricsKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import { transact } from "../aws/transact.ts";
import type { Evidence } from "./alert.ts";
import type { CacheSetting } from "./cache-lifetimes.ts";

/** The statement that changes a setting; settings are read with the catalogue. */
export const settingStore = (
  documents: DynamoDBDocumentClient,
  tables: { metrics: string; audit: string },
) => ({
  /** Writes the next revision with its audit record; false when somebody else has written it. */
  async change(
    setting: CacheSetting,
    { actorId, origin, evidence }: { actorId: string; origin: Origin; evidence: Evidence },
  ): Promise<boolean> {
    const outcome = await transact(documents, [
      {
        Put: {
          TableName: tables.metrics,
          Item: { ...metricsKeys.setting(setting.cache), ...setting },
          ConditionExpression: `attribute_not_exists(${partitionKey}) OR revision = :before`,
          ExpressionAttributeValues: { ":before": setting.revision - 1 },
        },
      },
      auditPut(tables.audit, {
        manufacturerId: platformManufacturerId,
        action: "performance.cache-lifetime.changed",
        outcome: "success",
        actorId,
        subjectId: setting.cache,
        origin,
        timeMs: setting.changedAtMs,
        details: {
          fromSeconds: setting.previousSeconds,
          toSeconds: setting.lifetimeSeconds,
          ...evidence,
        },
      }),
    ]);
    return outcome.committed;
  },
});

export type SettingStore = ReturnType<typeof settingStore>;
