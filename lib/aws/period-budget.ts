import { toEpochSeconds } from "../clock.ts";
import type { ItemKey } from "./item-keys.ts";
import type { Statement } from "./transact.ts";

/** So many uses of something within a period; `key` names the period, so that nothing has to be reset. */
export interface PeriodBudget {
  readonly key: ItemKey;
  readonly max: number;
  /** When the period is over: epoch milliseconds. */
  readonly endsAtMs: number;
}

/** Clocks differ: a slow one still finds the count of the period that a fast one has left. */
const keptMs = 3_600_000;

/** Takes one use of a budget; its condition fails once there is none left. */
export const spendOne = (
  table: string | undefined,
  { endsAtMs, key, max }: PeriodBudget,
): Statement => ({
  Update: {
    TableName: table,
    Key: key,
    UpdateExpression: "SET spent = if_not_exists(spent, :zero) + :one, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(spent) OR spent < :max",
    ExpressionAttributeValues: {
      ":zero": 0,
      ":one": 1,
      ":max": max,
      ":expiresAt": toEpochSeconds(endsAtMs + keptMs),
    },
  },
});
