import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Commit } from "./store.ts";

/** An erasure that was asked for and is not over. Times are epoch milliseconds. */
export interface ScheduledErasure {
  readonly manufacturerId: string;
  readonly requestedAtMs: number;
  readonly eraseAfterMs: number;
}

/**
 * Statements that erase a manufacturer's keys, on its partition of table `keys`.
 *
 * @param commit how requests and withdrawals are committed: by an operator, on condition of their right.
 */
export const erasureStore = (
  documents: DynamoDBDocumentClient,
  table: string,
  commit: Commit = (statements) => transact(documents, statements),
) => {
  const changeState = (
    manufacturerId: string,
    change: { update: string; condition: string; values: Record<string, unknown> },
  ): Statement => ({
    Update: {
      TableName: table,
      Key: manufacturerKeys.active(manufacturerId),
      UpdateExpression: change.update,
      ConditionExpression: change.condition,
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: change.values,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  });

  const forget = (manufacturerId: string): Statement => ({
    Delete: {
      TableName: table,
      Key: manufacturerKeys.erasure(manufacturerId),
      ConditionExpression: "attribute_exists(pk)",
    },
  });

  const remember = (erasure: ScheduledErasure): Statement => ({
    Put: {
      TableName: table,
      Item: { ...manufacturerKeys.erasure(erasure.manufacturerId), ...erasure },
    },
  });

  return {
    /** One page of all erasures that are not over. */
    async list(cursor?: Record<string, unknown>): Promise<{
      erasures: ScheduledErasure[];
      nextCursor: Record<string, unknown> | undefined;
    }> {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :erasures",
          ExpressionAttributeValues: { ":erasures": manufacturerKeys.erasures },
          ExclusiveStartKey: cursor,
        }),
      );
      return { erasures: Items as ScheduledErasure[], nextCursor: LastEvaluatedKey };
    },

    /** Blocks every key at once; nothing is destroyed yet. */
    schedule(erasure: ScheduledErasure, audit: readonly Statement[]): Promise<Outcome> {
      const block = changeState(erasure.manufacturerId, {
        update:
          "SET #state = :pending, erasureRequestedAtMs = :now, eraseAfterMs = :after, epoch = epoch + :one",
        condition: "#state = :active",
        values: {
          ":pending": "erasure-pending",
          ":active": "active",
          ":now": erasure.requestedAtMs,
          ":after": erasure.eraseAfterMs,
          ":one": 1,
        },
      });
      return commit([block, remember(erasure), ...audit]);
    },

    /** Gives the keys back, until `begin` destroys them: of the two only one finds them pending. */
    cancel(manufacturerId: string, audit: readonly Statement[]): Promise<Outcome> {
      const unblock = changeState(manufacturerId, {
        update:
          "SET #state = :active, epoch = epoch + :one REMOVE erasureRequestedAtMs, eraseAfterMs",
        condition: "#state = :pending",
        values: { ":active": "active", ":pending": "erasure-pending", ":one": 1 },
      });
      return commit([unblock, forget(manufacturerId), ...audit]);
    },

    /** The point of no return: from here on nothing is given back and no version can appear. */
    begin(erasure: { manufacturerId: string; nowMs: number }): Promise<Outcome> {
      const begin = changeState(erasure.manufacturerId, {
        update: "SET #state = :erasing, epoch = epoch + :one",
        condition: "#state = :erasing OR (#state = :pending AND eraseAfterMs <= :now)",
        values: {
          ":erasing": "erasing",
          ":pending": "erasure-pending",
          ":now": erasure.nowMs,
          ":one": 1,
        },
      });
      return transact(documents, [begin]);
    },

    /** Makes an erasure due that was over, whatever state a restore brought the keys back in. */
    resume(erasure: ScheduledErasure): Promise<Outcome> {
      const block: Statement = {
        Update: {
          TableName: table,
          Key: manufacturerKeys.active(erasure.manufacturerId),
          UpdateExpression:
            "SET #state = :erasing, erasureRequestedAtMs = :requested, epoch = if_not_exists(epoch, :none) + :one",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":erasing": "erasing",
            ":requested": erasure.requestedAtMs,
            ":none": 0,
            ":one": 1,
          },
        },
      };
      return transact(documents, [block, remember(erasure)]);
    },

    /** Removes the wrapped key of one version; a second call changes nothing. */
    async destroyVersion(version: {
      manufacturerId: string;
      keyId: string;
      nowMs: number;
    }): Promise<void> {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: manufacturerKeys.version(version.manufacturerId, version.keyId),
          UpdateExpression:
            "SET #state = :destroyed, destroyedAtMs = if_not_exists(destroyedAtMs, :now) REMOVE wrappedKey",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":destroyed": "destroyed", ":now": version.nowMs },
        }),
      );
    },

    /** Removes the salt as well and closes the erasure, once. */
    complete(
      erasure: { manufacturerId: string; nowMs: number },
      audit: readonly Statement[],
    ): Promise<Outcome> {
      const complete = changeState(erasure.manufacturerId, {
        update: "SET #state = :erased, erasedAtMs = :now, epoch = epoch + :one REMOVE salt",
        condition: "#state = :erasing",
        values: { ":erased": "erased", ":erasing": "erasing", ":now": erasure.nowMs, ":one": 1 },
      });
      return transact(documents, [complete, ...audit]);
    },

    /** Ends an erasure of which nothing is left to do; the records of it are written once. */
    finish(manufacturerId: string, audit: readonly Statement[]): Promise<Outcome> {
      return transact(documents, [forget(manufacturerId), ...audit]);
    },
  };
};

export type ErasureStore = ReturnType<typeof erasureStore>;
