import { ticketLifetimeMs } from "../accounts/ticket.ts";
import type { Taken } from "../auth/attempt-counter.ts";
import { returnAttempt } from "../auth/attempt-counter.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import type { TotpFactor } from "./factor.ts";
import type { FactorPlace } from "./factor-store.ts";

/** A new row of failures begins, to which no attempt of the old one can be given back. */
const forgiveness = "failures = :zero, streak = if_not_exists(streak, :zero) + :one";

/** Makes a matched code count, once: the time step only ever grows. */
export const useTimeStep = (table: string, factor: FactorPlace, step: number): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.factor(factor.memberId, factor.factorId),
    UpdateExpression: `SET lastStep = :step, ${forgiveness} REMOVE notBeforeMs`,
    ConditionExpression: "#status = :active AND lastStep < :step",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":step": step, ":zero": 0, ":one": 1, ":active": "active" },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/**
 * Gives back the attempt of a factor that was charged beside the one that matched, and no other: its
 * own failures stay counted, whatever other factors do (SP 800-63B-4 section 3.2.2).
 */
export const returnCharge = (table: string, charge: Taken): Statement => {
  const { memberId, factorId } = charge.item as unknown as TotpFactor;
  return returnAttempt({ table, key: identityKeys.factor(memberId, factorId) }, charge);
};

/** Binds a pending factor by its first code, whose time step is thereby used. */
export const activateFactor = (
  table: string,
  factor: FactorPlace,
  step: number,
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.factor(factor.memberId, factor.factorId),
    UpdateExpression: `SET #status = :active, lastStep = :step, ${forgiveness}, confirmedAtMs = :now REMOVE notBeforeMs, expiresAt, replacesFactorId`,
    ConditionExpression: "#status = :pending",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":step": step,
      ":zero": 0,
      ":one": 1,
      ":now": nowMs,
      ":active": "active",
      ":pending": "pending",
    },
  },
});

/** Takes a bound factor out of use, and keeps it for as long as its member may repudiate that. */
export const shelveFactor = (
  table: string,
  { memberId, factorId }: FactorPlace,
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.factor(memberId, factorId),
    UpdateExpression: "SET #status = :removed, expiresAt = :until",
    ConditionExpression: "#status IN (:active, :disabled)",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":removed": "removed",
      ":active": "active",
      ":disabled": "disabled",
      ":until": toEpochSeconds(nowMs + ticketLifetimeMs["not-me"]),
    },
  },
});

/** Puts a removed factor back into use with the failures it had; fails once its time is over. */
export const restoreFactor = (
  table: string,
  { memberId, factorId }: FactorPlace,
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.factor(memberId, factorId),
    UpdateExpression: "SET #status = :active REMOVE expiresAt",
    ConditionExpression: "#status = :removed AND expiresAt > :now",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":active": "active",
      ":removed": "removed",
      ":now": toEpochSeconds(nowMs),
    },
  },
});

/** Removes a bound factor; fails where it is gone already. */
export const deleteFactor = (table: string, factor: FactorPlace): Statement => ({
  Delete: {
    TableName: table,
    Key: identityKeys.factor(factor.memberId, factor.factorId),
    ConditionExpression: "#status <> :pending",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":pending": "pending" },
  },
});
