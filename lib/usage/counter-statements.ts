import type { TransactWriteCommandInput, UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { Period } from "./period.ts";
import { dayBucket } from "./period.ts";
import { quotaOf } from "./plan-history.ts";
import type { Plan, Resource } from "./tiers.ts";
import { ceilingOf, unlimited } from "./tiers.ts";

/** Units to charge. `nowMs` is read once per request: it decides the period, the day and the limit. */
export interface Charge {
  manufacturerId: string;
  resource: Resource;
  amount: number;
  nowMs: number;
  period: Period;
}

type Update = NonNullable<
  NonNullable<TransactWriteCommandInput["TransactItems"]>[number]["Update"]
>;

/** Extra parts of the statement that charges a counter. */
export interface ChargeExtension {
  set?: string;
  remove?: string;
  condition?: string;
  values?: Record<string, unknown>;
}

/**
 * Charges a counter: never beyond its limit, never by a limit that is out of date, and into the day's
 * bucket by the same statement. The item it met says why it failed.
 */
export const chargeUpdate = (
  table: string,
  { manufacturerId, resource, amount, nowMs, period }: Charge,
  { set = "", remove = "", condition = "", values = {} }: ChargeExtension = {},
): Update & UpdateCommandInput => ({
  TableName: table,
  Key: usageKeys.counter(manufacturerId, resource, period.name),
  UpdateExpression: `SET used = used + :amount, remaining = remaining - :amount${set} ADD #day :amount${remove}`,
  ConditionExpression: `(remaining >= :amount OR #limit = :unlimited) AND limitValidUntilMs > :now${condition}`,
  ExpressionAttributeNames: { "#day": dayBucket(nowMs), "#limit": "limit" },
  ExpressionAttributeValues: {
    ":amount": amount,
    ":now": nowMs,
    ":unlimited": unlimited,
    ...values,
  },
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});

/** Gives units back, on the day they were charged. */
export const refundUpdate = (
  table: string,
  { manufacturerId, resource, amount, nowMs, period }: Charge,
): Statement => ({
  Update: {
    TableName: table,
    Key: usageKeys.counter(manufacturerId, resource, period.name),
    UpdateExpression:
      "SET used = used - :amount, remaining = remaining + :amount ADD #day :minusAmount",
    ConditionExpression: "used >= :amount",
    ExpressionAttributeNames: { "#day": dayBucket(nowMs) },
    ExpressionAttributeValues: { ":amount": amount, ":minusAmount": -amount },
  },
});

/** Manufacturers that are active in a period are listed in this many partitions. */
export const activeShards = 16;

const shardOf = (manufacturerId: string): number =>
  // The last character of an id carries two bits only.
  manufacturerId.charCodeAt(manufacturerId.length - 2) % activeShards;

/** Lists the manufacturer among those whose period has to be closed. */
export const activePut = (table: string, manufacturerId: string, period: Period): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...usageKeys.active(period.name, shardOf(manufacturerId), manufacturerId),
      manufacturerId,
    },
  },
});

/**
 * Brings a counter, or a new one, under the plan's quota without reading it: what remains is the new
 * ceiling less whatever is used by then.
 */
export function applyQuota(
  table: string,
  plan: Plan,
  { resource, period, nowMs }: { resource: Resource; period: Period; nowMs: number },
): Statement {
  const quota = quotaOf(plan, resource, nowMs, period.endsAtMs);
  const ceiling = ceilingOf(quota);
  return {
    Update: {
      TableName: table,
      Key: usageKeys.counter(plan.manufacturerId, resource, period.name),
      UpdateExpression:
        "SET tier = :tier, #limit = :limit, overageMax = :overageMax, limitValidUntilMs = :validUntil, " +
        "remaining = :ceiling - if_not_exists(used, :zero), used = if_not_exists(used, :zero)",
      ExpressionAttributeNames: { "#limit": "limit" },
      ExpressionAttributeValues: {
        ":tier": quota.tier,
        ":limit": quota.limit,
        ":overageMax": quota.overageMax,
        ":validUntil": quota.validUntilMs,
        ":ceiling": Number.isFinite(ceiling) ? ceiling : 0,
        ":zero": 0,
      },
    },
  };
}
