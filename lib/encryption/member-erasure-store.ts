import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DeleteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { memberItemDeleter } from "../accounts/member-item-store.ts";
import { identityKeys, manufacturerKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";

/** What erasing needs to know of an item in a manufacturer's partition. */
export interface ManufacturerItem {
  readonly pk: string;
  readonly sk: string;
  readonly memberId?: string;
  readonly emailHash?: string;
  readonly status?: string;
}

const pageItems = 50;

/** Statements on the members and the profile of a manufacturer that is being erased. */
export const memberErasureStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; keys: string },
) => ({
  /** One page of a manufacturer's partition: its profile, its policy, its members. */
  async listItems(
    manufacturerId: string,
    startAfter?: string,
  ): Promise<{ items: ManufacturerItem[]; lastSortKey: string | undefined }> {
    const { pk } = identityKeys.profile(manufacturerId);
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :manufacturer`,
        ProjectionExpression: `${partitionKey}, ${sortKey}, memberId, emailHash, #status`,
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":manufacturer": pk },
        Limit: pageItems,
        ...(startAfter && { ExclusiveStartKey: { pk, sk: startAfter } }),
      }),
    );
    return { items: Items as ManufacturerItem[], lastSortKey: LastEvaluatedKey?.["sk"] };
  },

  /**
   * Suspends a member, while the manufacturer's keys say that it is to be erased; the item keeps what
   * it was. Tells whether it did.
   */
  async suspend(manufacturerId: string, memberId: string): Promise<boolean> {
    const { committed } = await transact(documents, [
      keysAre(tables.keys, manufacturerId, "<>"),
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(manufacturerId, memberId),
          UpdateExpression: "SET statusBeforeErasure = #status, #status = :suspended",
          ConditionExpression: "#status IN (:active, :invited)",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":suspended": "suspended",
            ":active": "active",
            ":invited": "invited",
          },
        },
      },
    ]);
    return committed;
  },

  /** Gives a member back what they were, while the keys say that the erasure was called off. */
  async resume(manufacturerId: string, memberId: string): Promise<boolean> {
    const { committed } = await transact(documents, [
      keysAre(tables.keys, manufacturerId, "="),
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(manufacturerId, memberId),
          UpdateExpression: "SET #status = statusBeforeErasure REMOVE statusBeforeErasure",
          // Whoever was removed or suspended for another reason stays so.
          ConditionExpression: "#status = :suspended AND attribute_exists(statusBeforeErasure)",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":suspended": "suspended" },
        },
      },
    ]);
    return committed;
  },

  /** Deletes a sign-in, if it is this member's: the address may belong to another account by now. */
  async deleteLogin(emailHash: string, memberId: string): Promise<void> {
    try {
      await documents.send(
        new DeleteCommand({
          TableName: tables.identity,
          Key: identityKeys.login(emailHash),
          ConditionExpression: "memberId = :member",
          ExpressionAttributeValues: { ":member": memberId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },

  deleteMemberItems: memberItemDeleter(documents, tables.identity),

  async deleteItem({ pk, sk }: ManufacturerItem): Promise<void> {
    await documents.send(new DeleteCommand({ TableName: tables.identity, Key: { pk, sk } }));
  },
});

export type MemberErasureStore = ReturnType<typeof memberErasureStore>;

/** The keys' state decides: a worker with old news changes nothing. */
const keysAre = (table: string, manufacturerId: string, comparison: "=" | "<>"): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: manufacturerKeys.active(manufacturerId),
    ConditionExpression: `attribute_exists(pk) AND #state ${comparison} :active`,
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":active": "active" },
  },
});
