import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableName } from "../../../lib/aws/tables.ts";
import { partitionKey, sortKey, tables } from "../../../lib/aws/tables.ts";

const binary = fileURLToPath(
  new URL("../../../node_modules/@dynoxide/linux-x64/dynoxide", import.meta.url),
);

export interface TestDatabase {
  endpoint: string;
  documents: DynamoDBDocumentClient;
  stop: () => Promise<void>;
}

/** A DynamoDB emulator in memory on a free port, with the named tables. */
export async function startDatabase(
  tableNames: readonly TableName[] = ["usage", "audit"],
): Promise<TestDatabase> {
  const port = await freePort();
  const emulator = spawn(binary, ["serve", "--port", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = connect(endpoint);
  await untilReady(client);
  for (const name of tableNames) await createTable(client, name);
  return {
    endpoint,
    documents: client,
    stop: async () => {
      client.destroy();
      const exited = new Promise((resolve) => emulator.once("exit", resolve));
      emulator.kill();
      await exited;
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

async function createTable(client: DynamoDBDocumentClient, name: TableName): Promise<void> {
  const { stream } = tables[name];
  await client.send(
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
      ...(stream === "none"
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    }),
  );
}

async function untilReady(client: DynamoDBDocumentClient): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
