import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";

/** A manufacturer whose erasure is over. */
export interface ErasedManufacturer {
  readonly manufacturerId: string;
  /** When the erasure was asked for, in epoch milliseconds. */
  readonly requestedAtMs: number;
}

/**
 * Statements on the tombstones of erased manufacturers. They are in table `identity`, so that a restore
 * of table `keys` does not undo them.
 */
export const erasedManufacturersStore = (documents: DynamoDBDocumentClient, table: string) => ({
  async isErased(manufacturerId: string): Promise<boolean> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: identityKeys.erased(manufacturerId),
      }),
    );
    return Item !== undefined;
  },

  /** One page of all tombstones. */
  async list(cursor?: Record<string, unknown>): Promise<{
    erased: ErasedManufacturer[];
    nextCursor: Record<string, unknown> | undefined;
  }> {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :erased",
        ExpressionAttributeValues: { ":erased": identityKeys.allErased },
        ExclusiveStartKey: cursor,
      }),
    );
    return { erased: Items as ErasedManufacturer[], nextCursor: LastEvaluatedKey };
  },

  put(erased: ErasedManufacturer): Statement {
    const Item = { ...identityKeys.erased(erased.manufacturerId), ...erased };
    return { Put: { TableName: table, Item } };
  },
});

export type ErasedManufacturersStore = ReturnType<typeof erasedManufacturersStore>;
