import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../../../lib/aws/item-keys.ts";
import type { Stack } from "../../../local/stack.ts";
import { stackDocuments } from "../../support/stack-documents.ts";

/** Sets one attribute of a manufacturer's keys as a whole, past the product. */
export const setOfKeys = (stack: Stack, manufacturerId: string, name: string, value: unknown) =>
  set(stack, manufacturerKeys.active(manufacturerId), name, value);

/** Sets one attribute of a key version, past the product. */
export const setOfVersion = (
  stack: Stack,
  { manufacturerId, keyId }: { manufacturerId: string; keyId: string },
  name: string,
  value: unknown,
) => set(stack, manufacturerKeys.version(manufacturerId, keyId), name, value);

const set = (stack: Stack, key: { pk: string; sk: string }, name: string, value: unknown) =>
  stackDocuments(stack).send(
    new UpdateCommand({
      TableName: stack.tableNames.keys,
      Key: key,
      UpdateExpression: "SET #name = :value",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":value": value },
    }),
  );
