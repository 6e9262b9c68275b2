import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SealedField, SealedFields } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import type { Envelope } from "../../../lib/encryption/envelope.ts";
import type { FieldPlace } from "../../../lib/encryption/seal-field.ts";

const pageItems = 100;

/** Items with one sealed attribute, and the statements a domain that owns such items needs. */
export function sealedRecordsTable(
  documents: DynamoDBDocumentClient,
  table: string,
): SealedFields & {
  put(place: FieldPlace, envelope: Envelope): Promise<void>;
  read(place: FieldPlace): Promise<unknown>;
} {
  return {
    async put({ pk, sk }, secret) {
      await documents.send(new PutCommand({ TableName: table, Item: { pk, sk, secret } }));
    },
    async read({ pk, sk }) {
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, ConsistentRead: true, Key: { pk, sk } }),
      );
      return Item?.["secret"];
    },
    async list({ keyId, manufacturerId }, cursor) {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          Limit: pageItems,
          FilterExpression: "secret.manufacturerId = :manufacturer AND secret.keyId = :keyId",
          ExpressionAttributeValues: { ":manufacturer": manufacturerId, ":keyId": keyId },
          ExclusiveStartKey: cursor === undefined ? undefined : JSON.parse(cursor),
        }),
      );
      const fields = Items.map(({ pk, sk, secret }): SealedField => {
        return { place: { manufacturerId, pk, sk, attribute: "secret" }, envelope: secret };
      });
      return LastEvaluatedKey === undefined
        ? { fields }
        : { fields, nextCursor: JSON.stringify(LastEvaluatedKey) };
    },
    async replace({ place: { pk, sk }, envelope }, next) {
      try {
        await documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk, sk },
            UpdateExpression: "SET secret = :next",
            ConditionExpression: "secret.commitment = :known",
            ExpressionAttributeValues: { ":next": next, ":known": envelope.commitment },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
