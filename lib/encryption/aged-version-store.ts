import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";

/** A version that seals, and since when. */
export type AgedVersion = Pick<
  KeyVersion,
  "manufacturerId" | "purpose" | "version" | "createdAtMs"
>;

/**
 * Reads the table from end to end: the versions themselves are the only record of their age, so that no
 * list beside them can miss one. It reads no wrapped key.
 */
export const agedVersionStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /** One page of the versions that seal and were made at `createdUntilMs` (epoch ms) or before. */
  async list(
    createdUntilMs: number,
    cursor: Record<string, unknown> | undefined,
  ): Promise<{ versions: AgedVersion[]; nextCursor: Record<string, unknown> | undefined }> {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new ScanCommand({
        TableName: table,
        FilterExpression:
          "begins_with(sk, :versions) AND #state = :enabled AND createdAtMs <= :until",
        ProjectionExpression: "manufacturerId, purpose, version, createdAtMs",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: {
          ":versions": manufacturerKeys.versionPrefix,
          ":enabled": "enabled",
          ":until": createdUntilMs,
        },
        ExclusiveStartKey: cursor,
      }),
    );
    return { versions: Items as AgedVersion[], nextCursor: LastEvaluatedKey };
  },
});

export type AgedVersionStore = ReturnType<typeof agedVersionStore>;
