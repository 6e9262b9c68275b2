import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableName } from "../../../lib/aws/tables.ts";
import { tables } from "../../../lib/aws/tables.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { createTables } from "../../../local/create-tables.ts";
import { startEmulator } from "../../../local/emulator.ts";

export interface TestDatabase {
  endpoint: string;
  documents: DynamoDBDocumentClient;
  stop: () => Promise<void>;
}

const tableNames = Object.fromEntries(Object.keys(tables).map((name) => [name, name])) as Record<
  TableName,
  string
>;

/** A DynamoDB in memory, or the one that `DYNAMODB_ENDPOINT` names, with every table under its plain name. */
export async function startDatabase(): Promise<TestDatabase> {
  const other = process.env["DYNAMODB_ENDPOINT"];
  const emulator = other ? undefined : await startEmulator();
  const endpoint = emulator?.url ?? other ?? "";
  await createTables(endpoint, tableNames);
  const documents = connect(endpoint);
  return {
    endpoint,
    documents,
    stop: async () => {
      documents.destroy();
      await emulator?.kill();
    },
  };
}

/** One client; each has its own connections, like an environment of a function. */
export const connect = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      // Those that the tables were made with: some DynamoDBs keep tables by account and region.
      region,
      credentials,
      requestHandler: { requestTimeout: 20_000 },
      maxAttempts: 3,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
