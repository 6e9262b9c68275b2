import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { TableName } from "../../lib/aws/tables.ts";
import { credentials, region } from "../../local/aws-account.ts";
import type { Stack } from "../../local/stack.ts";

/** A way to a stack's items past its functions, for tests that look at or spoil what is stored. */
export const stackDocuments = ({ endpoints }: Pick<Stack, "endpoints">): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials }),
  );

/** A stack's key service, as an administrator would use it. */
export const stackKms = ({ endpoints }: Pick<Stack, "endpoints">): KMSClient =>
  new KMSClient({ endpoint: endpoints.kms, region, credentials });

/** Everything a table holds, bytes as base64: what somebody with a copy of it could read. */
export async function dumpTable(
  stack: Pick<Stack, "endpoints" | "tableNames">,
  table: TableName,
): Promise<string> {
  const items: unknown[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await stackDocuments(stack).send(
      new ScanCommand({ TableName: stack.tableNames[table], ExclusiveStartKey: start }),
    );
    items.push(...Items);
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return JSON.stringify(items, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
}
