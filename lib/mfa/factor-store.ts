import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { Charge } from "../auth/attempt-counter.ts";
import { chargeAttempt } from "../auth/attempt-counter.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { TotpFactor } from "./factor.ts";

/** SP 800-63B-4 section 3.2.2: at most 100 consecutive failures, then the authenticator is disabled. */
export const factorAttemptsMax = 100;
const pendingLifetimeMs = 3_600_000;

/** Every statement on TOTP factors. */
export const factorStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
  now: Clock,
) => ({
  /** Puts a factor that counts for nothing until it is confirmed, and goes by itself if it never is. */
  async putPending(factor: TotpFactor): Promise<void> {
    await documents.send(
      new PutCommand({
        TableName: tables.identity,
        Item: {
          ...identityKeys.factor(factor.memberId, factor.factorId),
          ...factor,
          expiresAt: toEpochSeconds(factor.createdAtMs + pendingLifetimeMs),
        },
        ConditionExpression: `attribute_not_exists(${partitionKey})`,
      }),
    );
  },

  async readFactor(memberId: string, factorId: string): Promise<TotpFactor | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.factor(memberId, factorId),
      }),
    );
    return Item as TotpFactor | undefined;
  },

  async listFactors(memberId: string): Promise<TotpFactor[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :member AND begins_with(sk, :prefix)`,
        ExpressionAttributeValues: {
          ":member": identityKeys.memberOf(memberId).pk,
          ":prefix": identityKeys.factorPrefix,
        },
      }),
    );
    return Items as TotpFactor[];
  },

  /** Takes one attempt from a factor of that status; brings the sealed secret along. */
  charge(
    memberId: string,
    factorId: string,
    status: TotpFactor["status"] = "active",
  ): Promise<Charge> {
    return chargeAttempt(
      documents,
      {
        table: tables.identity,
        key: identityKeys.factor(memberId, factorId),
        attemptsMax: factorAttemptsMax,
        condition: "#status = :status",
        names: { "#status": "status" },
        values: { ":status": status },
      },
      now,
    );
  },

  /** Disables a factor whose attempts are used up: it has to be bound anew. */
  disable(factor: TotpFactor, entry: AuditEntry): Promise<Outcome> {
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

/**
 * Makes a matched code count, once: the time step only ever grows. Part of the transaction that puts
 * the session, so that step, challenge and session are one.
 */
export const useTimeStep = (
  table: string,
  factor: { memberId: string; factorId: string },
  step: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.factor(factor.memberId, factor.factorId),
    UpdateExpression: "SET lastStep = :step, failures = :zero REMOVE notBeforeMs",
    ConditionExpression: "#status = :active AND lastStep < :step",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":step": step, ":zero": 0, ":active": "active" },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
