import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { TableName } from "../../lib/aws/tables.ts";
import { credentials, region } from "../../local/aws-account.ts";
import type { CallCounts } from "../../local/call-counter.ts";
import type { FaultInput } from "../../local/faults.ts";
import type { Services } from "../../local/start-services.ts";
import { startServices } from "../../local/start-services.ts";

export interface ServicesUnderTest {
  /** Like the product's own client, with longer time-outs. */
  documents: DynamoDBDocumentClient;
  tableNames: Readonly<Record<TableName, string>>;
  /** Of the proxies in front of DynamoDB and KMS. */
  endpoints: Services["endpoints"];
  keyArns: Services["keyArns"];
  calls: () => CallCounts;
  faults: (fault: FaultInput) => void;
}

/**
 * Starts DynamoDB with the product's tables and KMS with its keys for a test file, in memory, once.
 * Faults and call counts start anew with each test; items do not, so each test writes under its own keys.
 *
 * @returns the services; usable from within tests and hooks
 */
export function useServices(now: () => number = Date.now): ServicesUnderTest {
  const underTest = {} as ServicesUnderTest;
  let services: Services | undefined;
  beforeAll(async () => {
    // The clients live in this process, whose clock is the real one.
    services = await startServices({ now, callersNow: Date.now, ...otherDatabase() });
    Object.assign(underTest, {
      documents: documentClient(services.endpoints.dynamodb),
      tableNames: services.database.tableNames,
      endpoints: services.endpoints,
      keyArns: services.keyArns,
      calls: services.calls.counts,
      faults: services.faults.set,
    });
  });
  beforeEach(() => {
    services?.faults.set({ service: "dynamodb", mode: "none" });
    services?.faults.set({ service: "kms", mode: "none" });
    services?.calls.reset();
  });
  afterAll(async () => {
    underTest.documents?.destroy();
    await services?.close();
  });
  return underTest;
}

/** Another DynamoDB that `DYNAMODB_ENDPOINT` names, with tables of this test file's own. */
function otherDatabase(): { external?: { dynamodb: string }; tablePrefix?: string } {
  const dynamodb = process.env["DYNAMODB_ENDPOINT"];
  return dynamodb ? { external: { dynamodb }, tablePrefix: `test-${randomUUID()}` } : {};
}

const documentClient = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region,
      credentials,
      maxAttempts: 3,
      // Races here put hundreds of requests into one process: each waits longer than in a function.
      requestHandler: {
        connectionTimeout: 5000,
        requestTimeout: 20_000,
        throwOnRequestTimeout: true,
      },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
