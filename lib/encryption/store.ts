import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { spend } from "../aws/period-budget.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { KeyPurpose } from "./key-id.ts";
import type { KeyVersion, KeyVersionState, ManufacturerKeys } from "./manufacturer-keys.ts";
import type { ReEncryptJob } from "./re-encrypt-job-store.ts";
import { rotationCost } from "./rotation-budget.ts";

/** A rotation as one transaction writes it. */
export interface Rotation {
  readonly next: KeyVersion;
  readonly previousKeyId: string;
  readonly retiredAtMs: number;
  /** From here on nobody can still be sealing with the previous version. */
  readonly fenceUntilMs: number;
  /** Only our own records can be re-encrypted by a job. */
  readonly job?: ReEncryptJob;
  /** What it is counted in. */
  readonly budget: PeriodBudget;
}

/** Index of the conditional statements by which a refused rotation says why. */
export const rotationStatements = { newest: 0, budget: 1 } as const;

/** A version to be withdrawn. Times are epoch milliseconds. */
export interface RevokedVersion {
  readonly manufacturerId: string;
  readonly keyId: string;
  /** In which of these states it may be withdrawn. */
  readonly from: readonly KeyVersionState[];
  readonly state: "revoking" | "revoked";
  readonly revokedAtMs: number;
  readonly effectiveAtMs: number;
  readonly lateSealsUntilMs?: number;
}

/** Writes all statements of a change or none: by itself, or only while an actor may still act. */
export type Commit = (statements: readonly Statement[]) => Promise<Outcome>;

/** Statements on a manufacturer's partition of table `keys`, erasure and jobs aside. */
export const keyStore = (
  documents: DynamoDBDocumentClient,
  table: string,
  commit: Commit = (statements) => transact(documents, statements),
) => ({
  /** Always consistent: this read is how a revocation reaches the caches. */
  async readManufacturerKeys(manufacturerId: string): Promise<ManufacturerKeys | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: manufacturerKeys.active(manufacturerId),
      }),
    );
    return Item as ManufacturerKeys | undefined;
  },

  async readVersion(manufacturerId: string, keyId: string): Promise<KeyVersion | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: manufacturerKeys.version(manufacturerId, keyId),
      }),
    );
    return Item as KeyVersion | undefined;
  },

  /** How much of a budget of rotations is used up. */
  async countRotations({ key }: PeriodBudget): Promise<number> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, ConsistentRead: true, Key: key }),
    );
    return Number(Item?.["spent"] ?? 0);
  },

  /** All versions, oldest first within a purpose. */
  async listVersions(manufacturerId: string): Promise<KeyVersion[]> {
    const versions: KeyVersion[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :manufacturer AND begins_with(sk, :versions)",
          ExpressionAttributeValues: {
            ":manufacturer": manufacturerKeys.partition(manufacturerId),
            ":versions": manufacturerKeys.versionPrefix,
          },
          ExclusiveStartKey: start,
        }),
      );
      versions.push(...(Items as KeyVersion[]));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return versions;
  },

  /** First keys of a manufacturer, unless it has some. */
  createManufacturerKeys(
    keys: ManufacturerKeys,
    versions: readonly KeyVersion[],
    audit: readonly Statement[],
  ): Promise<Outcome> {
    const active = { ...manufacturerKeys.active(keys.manufacturerId), ...keys };
    return commit([
      putIfAbsent(table, active),
      ...versions.map((version) => putIfAbsent(table, toItem(version))),
      ...audit,
    ]);
  },

  /**
   * The commit point of a rotation: new version, newest pointer, fence on the old version and job
   * appear together or not at all, and only if nobody rotated or began an erasure meanwhile and the
   * budget is not used up.
   */
  rotate(rotation: Rotation, audit: readonly Statement[]): Promise<Outcome> {
    const { budget, job, next } = rotation;
    return commit([
      pointToNewest(table, next),
      spend(table, budget, rotationCost[next.purpose]),
      putIfAbsent(table, toItem(next)),
      retire(table, rotation),
      ...(job
        ? [putIfAbsent(table, { ...manufacturerKeys.job(job.manufacturerId, job.keyId), ...job })]
        : []),
      ...audit,
    ]);
  },

  /**
   * Withdraws a version that no longer seals, and has every cache read it again. One that is withdrawn
   * again keeps the time it was first withdrawn at.
   */
  revoke(version: RevokedVersion, audit: readonly Statement[]): Promise<Outcome> {
    const { effectiveAtMs, from, lateSealsUntilMs, revokedAtMs, state } = version;
    const names = from.map((_, index) => `:from${index}`);
    const late =
      lateSealsUntilMs === undefined ? " REMOVE lateSealsUntilMs" : ", lateSealsUntilMs = :late";
    return commit([
      {
        Update: {
          TableName: table,
          Key: manufacturerKeys.version(version.manufacturerId, version.keyId),
          UpdateExpression: `SET #state = :state, effectiveAtMs = :effective, revokedAtMs = if_not_exists(revokedAtMs, :now)${late}`,
          ConditionExpression: `#state IN (${names.join(", ")})`,
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ...Object.fromEntries(from.map((one, index) => [`:from${index}`, one])),
            ":state": state,
            ":now": revokedAtMs,
            ":effective": effectiveAtMs,
            ...(lateSealsUntilMs !== undefined && { ":late": lateSealsUntilMs }),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      raiseEpoch(table, version.manufacturerId),
      ...audit,
    ]);
  },
});

export type KeyStore = ReturnType<typeof keyStore>;

/** Has every cache read the manufacturer's keys again, at the latest when it next checks the epoch. */
export const raiseEpoch = (table: string, manufacturerId: string): Statement => ({
  Update: {
    TableName: table,
    Key: manufacturerKeys.active(manufacturerId),
    UpdateExpression: "SET epoch = epoch + :one",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":one": 1 },
  },
});

const pointToNewest = (table: string, next: KeyVersion): Statement => ({
  Update: {
    TableName: table,
    Key: manufacturerKeys.active(next.manufacturerId),
    UpdateExpression: "SET newest.#purpose = :next, epoch = epoch + :one",
    ConditionExpression: "newest.#purpose = :current AND #state = :active",
    ExpressionAttributeNames: { "#purpose": next.purpose satisfies KeyPurpose, "#state": "state" },
    ExpressionAttributeValues: {
      ":next": next.version,
      ":current": next.version - 1,
      ":active": "active",
      ":one": 1,
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

const retire = (table: string, rotation: Rotation): Statement => ({
  Update: {
    TableName: table,
    Key: manufacturerKeys.version(rotation.next.manufacturerId, rotation.previousKeyId),
    UpdateExpression: "SET #state = :retiring, retiredAtMs = :now, fenceUntilMs = :fence",
    ConditionExpression: "#state = :enabled",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":retiring": "retiring",
      ":enabled": "enabled",
      ":now": rotation.retiredAtMs,
      ":fence": rotation.fenceUntilMs,
    },
  },
});

const putIfAbsent = (table: string, item: Record<string, unknown>): Statement => ({
  Put: { TableName: table, Item: item, ConditionExpression: "attribute_not_exists(pk)" },
});

const toItem = (version: KeyVersion): Record<string, unknown> => ({
  ...manufacturerKeys.version(version.manufacturerId, version.keyId),
  ...version,
});
