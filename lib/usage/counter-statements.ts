import type { TransactWriteCommandInput, UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { Counter } from "./counter.ts";
import { recentIdsMax, recentWindowMs } from "./idempotency.ts";
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

/** Extra parts of a charge: how it is remembered, or which counter it expects. */
export interface ChargeExtension {
  set?: string;
  add?: string;
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
  { set = "", add = "", condition = "", values = {} }: ChargeExtension = {},
): Update & UpdateCommandInput => ({
  TableName: table,
  Key: usageKeys.counter(manufacturerId, resource, period.name),
  UpdateExpression: `SET used = used + :amount, remaining = remaining - :amount${set} ADD #day :amount${add}`,
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

const isNew = "NOT contains(recentIds, :id) AND NOT contains(previousIds, :id)";

/** Remembers the key in the young set. */
export const appendRecent = (id: string, nowMs: number): ChargeExtension => ({
  add: ", recentIds :ids",
  condition: ` AND ledgerUntilMs <= :now AND recentFromMs > :windowStart AND (attribute_not_exists(recentIds) OR size(recentIds) < :idsMax) AND ${isNew}`,
  values: {
    ":id": id,
    ":ids": new Set([id]),
    ":idsMax": recentIdsMax,
    ":windowStart": nowMs - recentWindowMs,
  },
});

/** Makes the young set the previous one and remembers the key in a new one. */
export const rotateRecent = (id: string, seenFromMs: number): ChargeExtension => ({
  set: ", previousIds = if_not_exists(recentIds, :ids), recentIds = :ids, recentFromMs = :now",
  condition: ` AND ledgerUntilMs <= :now AND recentFromMs = :seenFrom AND ${isNew}`,
  values: { ":id": id, ":ids": new Set([id]), ":seenFrom": seenFromMs },
});

/** Leaves remembering to the ledger, and every later key of the window too. */
export const deferToLedger = (id: string, nowMs: number): ChargeExtension => ({
  set: ", ledgerUntilMs = :ledgerUntil",
  condition: ` AND ${isNew}`,
  values: { ":id": id, ":ledgerUntil": nowMs + recentWindowMs },
});

/** Charges only the very counter that was seen last, so that the answer is known without reading it again. */
export const expectSeen = ({ used, limit, tier, limitValidUntilMs }: Counter): ChargeExtension => ({
  condition:
    " AND used = :seenUsed AND #limit = :seenLimit AND tier = :seenTier AND limitValidUntilMs = :seenValidUntil",
  values: {
    ":seenUsed": used,
    ":seenLimit": limit,
    ":seenTier": tier,
    ":seenValidUntil": limitValidUntilMs,
  },
});

/**
 * Gives units back, on the day they were charged. Part of a transaction even when alone: the SDK's
 * client token makes a repeat of it harmless.
 *
 * @param id of a key that the counter itself remembers: it is forgotten by the same statement.
 */
export function refundUpdate(
  table: string,
  { manufacturerId, resource, amount, nowMs, period }: Charge,
  id?: string,
): Statement {
  const [forget, condition, values] =
    id === undefined
      ? ["", "", {}]
      : [
          " DELETE recentIds :ids, previousIds :ids",
          " AND (contains(recentIds, :id) OR contains(previousIds, :id))",
          { ":id": id, ":ids": new Set([id]) },
        ];
  return {
    Update: {
      TableName: table,
      Key: usageKeys.counter(manufacturerId, resource, period.name),
      UpdateExpression: `SET used = used - :amount, remaining = remaining + :amount ADD #day :minusAmount${forget}`,
      ConditionExpression: `used >= :amount${condition}`,
      ExpressionAttributeNames: { "#day": dayBucket(nowMs) },
      ExpressionAttributeValues: { ":amount": amount, ":minusAmount": -amount, ...values },
    },
  };
}

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
        "remaining = :ceiling - if_not_exists(used, :zero), used = if_not_exists(used, :zero), " +
        "recentFromMs = if_not_exists(recentFromMs, :now), ledgerUntilMs = if_not_exists(ledgerUntilMs, :ledgerUntil)",
      ExpressionAttributeNames: { "#limit": "limit" },
      ExpressionAttributeValues: {
        ":tier": quota.tier,
        ":limit": quota.limit,
        ":overageMax": quota.overageMax,
        ":validUntil": quota.validUntilMs,
        ":ceiling": Number.isFinite(ceiling) ? ceiling : 0,
        ":zero": 0,
        ":now": nowMs,
        // A key charged just before the month began is in the old counter, where only the ledger path looks.
        ":ledgerUntil": period.startsAtMs + recentWindowMs,
      },
    },
  };
}

/** Fails where the key is remembered by an earlier period's counter. */
export const notRememberedBy = (
  table: string,
  { manufacturerId, resource }: Charge,
  period: Period,
  id: string,
): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: usageKeys.counter(manufacturerId, resource, period.name),
    ConditionExpression: isNew,
    ExpressionAttributeValues: { ":id": id },
  },
});
