import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Origin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";
import { usageKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import { transact } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import type { AlertName } from "./alerts.ts";
import type { Resource } from "./tiers.ts";

export interface Alert {
  manufacturerId: string;
  resource: Resource;
  period: string;
  alert: AlertName;
  used: number;
  limit: number;
}

const markDays = 62;

export type RaiseAlert = (alert: Alert, origin: Origin, timeMs: number) => Promise<boolean>;

/**
 * Writes the audit record of an alert, which becomes its domain event, unless it was raised for this
 * limit in this period before: a stream delivers at least once, and a refund can bring a counter back.
 * Answers whether it was new.
 */
export const alertRaiser =
  (documents: DynamoDBDocumentClient, tables: { usage: string; audit: string }): RaiseAlert =>
  async ({ manufacturerId, resource, period, alert, used, limit }, origin, timeMs) => {
    const { committed } = await transact(documents, [
      {
        Put: {
          TableName: tables.usage,
          Item: {
            ...usageKeys.alert(manufacturerId, resource, period, alert, limit),
            used,
            raisedAtMs: timeMs,
            expiresAt: toEpochSeconds(timeMs + markDays * 86_400_000),
          },
          ConditionExpression: `attribute_not_exists(${partitionKey})`,
        },
      },
      auditPut(tables.audit, {
        manufacturerId,
        subjectId: manufacturerId,
        action: alert === "overage" ? "usage.overage.started" : "usage.threshold.reached",
        outcome: "success",
        origin,
        timeMs,
        details: {
          resource,
          period,
          used,
          limit,
          ...(alert === "overage" ? {} : { thresholdPercent: Number(alert) }),
        },
      }),
    ]);
    return committed;
  };
