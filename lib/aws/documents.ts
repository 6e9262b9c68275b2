import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { resendConflicting } from "./resend-conflicting.ts";

/**
 * The one DynamoDB client of an environment. A request that has not answered after a second is
 * retried: a lost response must not eat the caller's latency budget.
 */
export const dynamodb = resendConflicting(
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
  }),
);

/** The same client, for items as plain objects. */
export const documents = DynamoDBDocumentClient.from(dynamodb, {
  marshallOptions: { removeUndefinedValues: true },
});
