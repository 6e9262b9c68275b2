import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

/** The usual way to count, as a negative control: reads, decides in memory, then adds. */
export const checkThenWrite =
  (documents: DynamoDBDocumentClient, name: string, limit: number) =>
  async (): Promise<boolean> => {
    const Key = { pk: `CONTROL#${name}`, sk: "COUNTER" };
    const { Item } = await documents.send(
      new GetCommand({ TableName: "usage", Key, ConsistentRead: true }),
    );
    if ((Item?.["used"] ?? 0) >= limit) return false;
    await documents.send(
      new UpdateCommand({
        TableName: "usage",
        Key,
        UpdateExpression: "ADD used :one",
        ExpressionAttributeValues: { ":one": 1 },
      }),
    );
    return true;
  };
