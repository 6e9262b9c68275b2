import type { Table, TableName } from "../lib/aws/tables.ts";
import { partitionKey, sortKey, tables, timeToLiveAttribute } from "../lib/aws/tables.ts";
import { AwsCallError, callAwsJson } from "./call-aws-json.ts";

/** Creates those of the product's tables that do not exist yet, with their streams and TTL attribute. */
export async function createTables(
  endpoint: string,
  names: Readonly<Record<TableName, string>>,
): Promise<void> {
  await Promise.all(
    Object.entries(tables).map(([name, table]) =>
      createTable(endpoint, names[name as TableName], table),
    ),
  );
}

async function createTable(endpoint: string, name: string, { stream }: Table): Promise<void> {
  const call = (operation: string, input: Record<string, unknown>) =>
    callAwsJson({
      endpoint,
      target: `DynamoDB_20120810.${operation}`,
      input: { TableName: name, ...input },
    });
  try {
    await call("CreateTable", {
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [partitionKey, sortKey].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: partitionKey, KeyType: "HASH" },
        { AttributeName: sortKey, KeyType: "RANGE" },
      ],
      ...(stream === "none"
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    });
  } catch (error) {
    if (error instanceof AwsCallError && error.type === "ResourceInUseException") return;
    throw error;
  }
  await call("UpdateTimeToLive", {
    TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLiveAttribute },
  });
}
