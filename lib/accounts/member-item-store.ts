import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DeleteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { DeleteMemberItems } from "./erase-member-data.ts";

/** Statements on the whole of a member's own partition. */
export const memberItemDeleter =
  (documents: DynamoDBDocumentClient, table: string): DeleteMemberItems =>
  async (memberId) => {
    const { pk } = identityKeys.memberOf(memberId);
    let deleted = 0;
    for (
      let start: Record<string, unknown> | undefined, first = true;
      first || start;
      first = false
    ) {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: `${partitionKey} = :member`,
          ExpressionAttributeValues: { ":member": pk },
          ProjectionExpression: `${partitionKey}, ${sortKey}`,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const key of Items) {
        await documents.send(new DeleteCommand({ TableName: table, Key: key }));
      }
      deleted += Items.length;
      start = LastEvaluatedKey;
    }
    return deleted;
  };
