import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableName } from "../../../lib/aws/tables.ts";
import { tables } from "../../../lib/aws/tables.ts";
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

/** A DynamoDB emulator in memory, with every table under its plain name. */
export async function startDatabase(): Promise<TestDatabase> {
  const emulator = await startEmulator();
  await createTables(emulator.url, tableNames);
  const documents = connect(emulator.url);
  return {
    endpoint: emulator.url,
    documents,
    stop: async () => {
      documents.destroy();
      await emulator.kill();
    },
  };
}

/** One client; each has its own connections, like an environment of a function. */
export const connect = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      requestHandler: { requestTimeout: 20_000 },
      maxAttempts: 3,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
