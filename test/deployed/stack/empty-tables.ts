import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { partitionKey, sortKey } from "../../../lib/aws/tables.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { Deployment } from "./deploy.ts";

type Key = Record<string, AttributeValue>;

const batchSize = 25;

/**
 * Removes everybody and what they used, for the next test file. Keys stay: the deployment made them.
 * So do the audit records, whose removal the product would raise an alarm for, and the performance
 * figures, which are of all tenants.
 */
export async function emptyTables(
  endpoint: string,
  { identity, usage }: Deployment["tableNames"],
): Promise<void> {
  for (const tableName of [identity, usage]) {
    const keys = await readKeys(endpoint, tableName);
    for (let start = 0; start < keys.length; start += batchSize) {
      const requests = keys
        .slice(start, start + batchSize)
        .map((Key) => ({ DeleteRequest: { Key } }));
      await callAwsJson({
        endpoint,
        target: "DynamoDB_20120810.BatchWriteItem",
        input: { RequestItems: { [tableName]: requests } },
      });
    }
  }
}

async function readKeys(endpoint: string, tableName: string): Promise<Key[]> {
  const keys: Key[] = [];
  let start: Key | undefined;
  do {
    const page: { Items: Key[]; LastEvaluatedKey?: Key } = await callAwsJson({
      endpoint,
      target: "DynamoDB_20120810.Scan",
      input: {
        TableName: tableName,
        ProjectionExpression: `${partitionKey}, ${sortKey}`,
        ...(start && { ExclusiveStartKey: start }),
      },
    });
    keys.push(...page.Items);
    start = page.LastEvaluatedKey;
  } while (start);
  return keys;
}
