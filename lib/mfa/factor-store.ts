import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { Charge, Taken } from "../auth/attempt-counter.ts";
import { chargeAttempt, giveBackAttempt, returnAttempt } from "../auth/attempt-counter.ts";
import { forgiveSessionFailures } from "../auth/login-statement.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { TotpFactor } from "./factor.ts";
import { factorAttemptsMax } from "./factor.ts";

const pendingLifetimeMs = 3_600_000;

/** Apps that a member can set up within an hour, confirmed or not: twice as many can be pending at most. */
export const setUpsPerHourMax = 10;

type FactorPlace = Pick<TotpFactor, "memberId" | "factorId">;

/** Statements on TOTP factors alone; those that are part of a larger change are below. */
export const factorStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
  now: Clock,
) => ({
  /**
   * Puts a factor that counts for nothing until it is confirmed, and goes by itself if it never is;
   * statement 0 fails where the member has set up as many as an hour may have. A password that it took
   * is a condition, and forgives the attempts at it.
   */
  putPending(
    factor: TotpFactor,
    password?: { emailHash: string; verifiedHash: string },
  ): Promise<Outcome> {
    const { createdAtMs, factorId, memberId } = factor;
    return transact(documents, [
      spend(tables.identity, {
        key: identityKeys.factorSetUps(memberId, hourOf(createdAtMs)),
        max: setUpsPerHourMax,
        endsAtMs: hourEndMs(createdAtMs),
      }),
      {
        Put: {
          TableName: tables.identity,
          Item: {
            ...identityKeys.factor(memberId, factorId),
            ...factor,
            expiresAt: toEpochSeconds(createdAtMs + pendingLifetimeMs),
          },
          ConditionExpression: `attribute_not_exists(${partitionKey})`,
        },
      },
      ...(password ? [forgiveSessionFailures(tables.identity, password)] : []),
    ]);
  },

  /** Bound factors, disabled ones included, oldest first. */
  async listFactors(memberId: string): Promise<TotpFactor[]> {
    const factors = await query(documents, tables.identity, memberId, identityKeys.factorPrefix);
    return (factors as unknown as TotpFactor[])
      .filter(({ status }) => status !== "pending")
      .sort((one, other) => one.createdAtMs - other.createdAtMs);
  },

  /** Keys of all items of a member that begin so, to delete them. */
  async listKeys(memberId: string, prefix: string): Promise<ItemKey[]> {
    const items = await query(documents, tables.identity, memberId, prefix);
    return items.map((item) => ({ pk: String(item[partitionKey]), sk: String(item[sortKey]) }));
  },

  /** Takes one attempt from a factor of that status; brings the sealed secret along. */
  charge({ memberId, factorId }: FactorPlace, status: "active" | "pending"): Promise<Charge> {
    return chargeAttempt(
      documents,
      {
        table: tables.identity,
        key: identityKeys.factor(memberId, factorId),
        attemptsMax: factorAttemptsMax,
        condition: `#status = :status${status === "pending" ? " AND expiresAt > :now" : ""}`,
        names: { "#status": "status" },
        values: {
          ":status": status,
          ...(status === "pending" && { ":now": toEpochSeconds(now()) }),
        },
      },
      now,
    );
  },

  /** Gives back an attempt that no verdict came of. */
  giveBack({ memberId, factorId }: FactorPlace, charge: Taken): Promise<void> {
    const key = identityKeys.factor(memberId, factorId);
    return giveBackAttempt(documents, { table: tables.identity, key }, charge);
  },

  /** Disables a factor whose attempts are used up: it has to be bound anew. */
  disable(factor: FactorPlace, entry: AuditEntry): Promise<Outcome> {
    return transact(documents, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.factor(factor.memberId, factor.factorId),
          UpdateExpression: "SET #status = :disabled",
          ConditionExpression: "#status = :active AND failures >= :max",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":disabled": "disabled",
            ":active": "active",
            ":max": factorAttemptsMax,
          },
        },
      },
      auditPut(tables.audit, entry),
    ]);
  },

  /** Commits a change that several domains' statements make up. */
  commit: (statements: readonly Statement[]): Promise<Outcome> => transact(documents, statements),
});

export type FactorStore = ReturnType<typeof factorStore>;

async function query(
  documents: DynamoDBDocumentClient,
  table: string,
  memberId: string,
  prefix: string,
): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: `${partitionKey} = :member AND begins_with(${sortKey}, :prefix)`,
      ExpressionAttributeValues: {
        ":member": identityKeys.memberOf(memberId).pk,
        ":prefix": prefix,
      },
    }),
  );
  return Items;
}

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
