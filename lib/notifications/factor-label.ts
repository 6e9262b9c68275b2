import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditRecord } from "../audit/record.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";

/**
 * What its owner calls the app or the device that a record is about. Records hold its id alone, so
 * that no word of people's own outlasts their erasure; undefined once it is gone.
 */
export const factorLabel =
  (documents: DynamoDBDocumentClient, table: string) =>
  async (record: AuditRecord): Promise<string | undefined> => {
    const key = keyOf(record);
    if (!key) return undefined;
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: key,
        ProjectionExpression: "#label",
        ExpressionAttributeNames: { "#label": "label" },
      }),
    );
    return Item?.["label"] as string | undefined;
  };

function keyOf({ subjectId, details }: AuditRecord): ItemKey | undefined {
  if (subjectId === undefined) return undefined;
  const { factorId, deviceId } = details ?? {};
  if (typeof factorId === "string") return identityKeys.factor(subjectId, factorId);
  return typeof deviceId === "string" ? identityKeys.device(subjectId, deviceId) : undefined;
}
