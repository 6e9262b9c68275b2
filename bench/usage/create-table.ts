import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { partitionKey, sortKey } from "../../lib/aws/tables.ts";

/** A table without a stream, which costs the emulator time in each write and DynamoDB none. */
export async function createTable(documents: DynamoDBDocumentClient, name: string): Promise<void> {
  await documents.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: partitionKey, KeyType: "HASH" },
        { AttributeName: sortKey, KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: partitionKey, AttributeType: "S" },
        { AttributeName: sortKey, AttributeType: "S" },
      ],
    }),
  );
}
