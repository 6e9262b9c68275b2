import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { raiseEpoch } from "./store.ts";

/** Progress of moving a manufacturer's records off one key version. Times are epoch milliseconds. */
export interface ReEncryptJob {
  readonly manufacturerId: string;
  /** The version to be emptied. */
  readonly keyId: string;
  /** Only a pass that began after this and found nothing counts as empty. */
  readonly fenceUntilMs: number;
  /** Grows with every step: of two workers on one job, the slower one stops. */
  readonly revision: number;
  /** Where the running pass goes on; absent between passes. */
  readonly cursor?: string;
  readonly passStartedAtMs?: number;
  /** Records that the running pass met under the version. */
  readonly found: number;
  readonly migrated: number;
  readonly emptyPasses: number;
  /** No pass begins before this: it could not change anything. */
  readonly notBeforeMs?: number;
}

/** Statements on the jobs' partition of table `keys`, and on the versions that jobs empty. */
export const reEncryptJobStore = (documents: DynamoDBDocumentClient, table: string) => {
  const changeVersion = (
    job: ReEncryptJob,
    change: { update: string; condition: string; values: Record<string, unknown> },
  ): Statement => ({
    Update: {
      TableName: table,
      Key: manufacturerKeys.version(job.manufacturerId, job.keyId),
      UpdateExpression: change.update,
      ConditionExpression: change.condition,
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: change.values,
    },
  });

  return {
    /** One page of all unfinished jobs. */
    async list(cursor?: Record<string, unknown>): Promise<{
      jobs: ReEncryptJob[];
      nextCursor?: Record<string, unknown>;
    }> {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :jobs",
          ExpressionAttributeValues: { ":jobs": manufacturerKeys.jobs },
          ExclusiveStartKey: cursor,
        }),
      );
      const jobs = Items as ReEncryptJob[];
      return LastEvaluatedKey === undefined ? { jobs } : { jobs, nextCursor: LastEvaluatedKey };
    },

    async read(manufacturerId: string, keyId: string): Promise<ReEncryptJob | undefined> {
      const { Item } = await documents.send(
        new GetCommand({
          TableName: table,
          ConsistentRead: true,
          Key: manufacturerKeys.job(manufacturerId, keyId),
        }),
      );
      return Item as ReEncryptJob | undefined;
    },

    /** Stores one step, unless another worker has taken one; tells whether it was stored. */
    async save(job: ReEncryptJob): Promise<boolean> {
      try {
        await documents.send(
          new PutCommand({
            TableName: table,
            Item: { ...manufacturerKeys.job(job.manufacturerId, job.keyId), ...job },
            ConditionExpression: "revision = :previous",
            ExpressionAttributeValues: { ":previous": job.revision - 1 },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    /** An emptied version opens nothing any more, but its key is kept until `destroyAfterMs`. */
    block(job: ReEncryptJob, destroyAfterMs: number): Promise<Outcome> {
      const block = changeVersion(job, {
        update: "SET #state = :blocked, destroyAfterMs = :after",
        condition: "#state = :retiring",
        values: { ":blocked": "blocked", ":retiring": "retiring", ":after": destroyAfterMs },
      });
      return transact(documents, [block, raiseEpoch(table, job.manufacturerId)]);
    },

    /** A revoked version stays revoked, but is given a time to be destroyed at as well. */
    scheduleDestruction(job: ReEncryptJob, destroyAfterMs: number): Promise<Outcome> {
      const schedule = changeVersion(job, {
        update: "SET destroyAfterMs = :after",
        condition: "#state = :revoked",
        values: { ":revoked": "revoked", ":after": destroyAfterMs },
      });
      return transact(documents, [schedule]);
    },

    /** A record did turn up under a blocked version: it opens again. */
    unblock(job: ReEncryptJob): Promise<Outcome> {
      const unblock = changeVersion(job, {
        update: "SET #state = :retiring REMOVE destroyAfterMs",
        condition: "#state = :blocked",
        values: { ":retiring": "retiring", ":blocked": "blocked" },
      });
      return transact(documents, [unblock, raiseEpoch(table, job.manufacturerId)]);
    },

    /** Removes the wrapped key of an emptied version for good, and the job with it. */
    destroy(job: ReEncryptJob, nowMs: number): Promise<Outcome> {
      const destroy = changeVersion(job, {
        update: "SET #state = :destroyed, destroyedAtMs = :now REMOVE wrappedKey",
        condition: "#state IN (:blocked, :revoked) AND destroyAfterMs <= :now",
        values: {
          ":destroyed": "destroyed",
          ":blocked": "blocked",
          ":revoked": "revoked",
          ":now": nowMs,
        },
      });
      const close = closeJob(table, job);
      return transact(documents, [destroy, close, raiseEpoch(table, job.manufacturerId)]);
    },

    /** Ends a job whose manufacturer was erased: no record of it can be opened anyway. */
    abandon(job: ReEncryptJob): Promise<Outcome> {
      return transact(documents, [closeJob(table, job)]);
    },
  };
};

export type ReEncryptJobStore = ReturnType<typeof reEncryptJobStore>;

/** Only if no other worker has taken a step, which may have found a record. */
const closeJob = (table: string, job: ReEncryptJob): Statement => ({
  Delete: {
    TableName: table,
    Key: manufacturerKeys.job(job.manufacturerId, job.keyId),
    ConditionExpression: "revision = :revision",
    ExpressionAttributeValues: { ":revision": job.revision },
  },
});
