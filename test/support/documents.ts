import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { onTestFinished } from "vitest";
import { credentials, region } from "../../local/aws-account.ts";
import type { Stack } from "../../local/stack.ts";

/** A client of a stack's database, for a test that looks behind the API; closed when the test ends. */
export function documentsOf({ endpoints }: Pick<Stack, "endpoints">): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  onTestFinished(() => client.destroy());
  return DynamoDBDocumentClient.from(client);
}
