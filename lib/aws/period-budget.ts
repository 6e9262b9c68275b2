import { toEpochSeconds, toRfc3339 } from "../clock.ts";
import type { ItemKey } from "./item-keys.ts";

/** So many uses of something within a period; `key` names the period, so that nothing has to be reset. */
export interface PeriodBudget {
  readonly key: ItemKey;
  readonly max: number;
  /** When the period is over: epoch milliseconds. */
  readonly endsAtMs: number;
}

/** The hour of UTC that a time is in, as part of a key. */
export const hourOf = (nowMs: number): string => toRfc3339(nowMs).slice(0, 13);

export const hourEndMs = (nowMs: number): number => new Date(nowMs).setUTCMinutes(60, 0, 0);

/** Clocks differ: a slow one still finds the count of the period that a fast one has left. */
const keptMs = 3_600_000;

/** Takes so many uses of a budget; its condition fails where fewer are left. */
export const spend = (
  table: string | undefined,
  { endsAtMs, key, max }: PeriodBudget,
  uses = 1,
) => ({
  Update: {
    TableName: table,
    Key: key,
    UpdateExpression: "SET spent = if_not_exists(spent, :zero) + :uses, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(spent) OR spent <= :most",
    ExpressionAttributeValues: {
      ":zero": 0,
      ":uses": uses,
      ":most": max - uses,
      ":expiresAt": toEpochSeconds(endsAtMs + keptMs),
    },
  },
});
