import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { newId } from "../../lib/id.ts";
import type { MakeContender } from "./contender.ts";

const keyOf = (id: string) => ({ pk: `BENCH#${id}`, sk: "COUNTER" });

const add = (id: string) =>
  new UpdateCommand({
    TableName: "usage",
    Key: keyOf(id),
    UpdateExpression: "ADD used :one",
    ExpressionAttributeValues: { ":one": 1 },
    ReturnValues: "UPDATED_NEW",
  });

const storedOf = async (documents: DynamoDBDocumentClient, id: string): Promise<number> => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: "usage", Key: keyOf(id), ConsistentRead: true }),
  );
  return Item?.["used"] ?? 0;
};

/** The floor: adds one and limits nothing. */
export const rawUpdate =
  (documents: DynamoDBDocumentClient): MakeContender =>
  async () => {
    const id = newId("record");
    return {
      name: "raw UpdateItem, no limit",
      charge: async () => {
        await documents.send(add(id));
        return true;
      },
    };
  };

/** What many write: reads, decides, adds. */
export const readThenUpdate =
  (documents: DynamoDBDocumentClient): MakeContender =>
  async (limit) => {
    const id = newId("record");
    return {
      name: "GetItem, then UpdateItem",
      charge: async () => {
        if ((await storedOf(documents, id)) >= limit) return false;
        await documents.send(add(id));
        return true;
      },
      stored: () => storedOf(documents, id),
    };
  };
