import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { Charge, Taken } from "../auth/attempt-counter.ts";
import { chargeAttempt, giveBackAttempt } from "../auth/attempt-counter.ts";
import { forgiveSessionFailures } from "../auth/login-statement.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Outcome } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { TotpFactor } from "./factor.ts";
import { factorAttemptsMax } from "./factor.ts";

const pendingLifetimeMs = 3_600_000;

/** Apps that a member can set up within an hour, confirmed or not: twice as many can be pending at most. */
export const setUpsPerHourMax = 10;

export const factorsMax = 5;

export type FactorPlace = Pick<TotpFactor, "memberId" | "factorId">;

/** Statements on TOTP factors alone; those that are part of a larger change are in factor-statements.ts. */
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
    actor: Actor,
    factor: TotpFactor,
    password?: { emailHash: string; verifiedHash: string },
  ): Promise<Outcome> {
    const { createdAtMs, factorId, memberId } = factor;
    return transactAs(documents, tables.identity, actor, [
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

  async readFactor({ memberId, factorId }: FactorPlace): Promise<TotpFactor | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.factor(memberId, factorId),
      }),
    );
    return Item as TotpFactor | undefined;
  },

  /** Bound factors, disabled ones included, oldest first. */
  async listFactors(memberId: string): Promise<TotpFactor[]> {
    const factors = await query(documents, tables.identity, memberId, identityKeys.factorPrefix);
    return (factors as unknown as TotpFactor[])
      .filter(({ status }) => status !== "pending" && status !== "removed")
      .sort((one, other) => one.createdAtMs - other.createdAtMs);
  },

  /** Keys of all items of a member that begin so, to delete them. */
  async listKeys(memberId: string, prefix: string): Promise<ItemKey[]> {
    const items = await query(documents, tables.identity, memberId, prefix);
    return items.map((item) => ({ pk: String(item[partitionKey]), sk: String(item[sortKey]) }));
  },

  /** Forgets an app that waits for its first code, while its member may still act; false where there is none. */
  async dropPending(actor: Actor, factorId: string): Promise<boolean> {
    const dropped = await transactAs(documents, tables.identity, actor, [
      {
        Delete: {
          TableName: tables.identity,
          Key: identityKeys.factor(actor.memberId, factorId),
          ConditionExpression: "#status = :pending",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":pending": "pending" },
        },
      },
    ]);
    return dropped.committed;
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
