import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../../lib/aws/item-keys.ts";
import type { Stack } from "../../local/stack.ts";
import type { SignedInMember } from "./manufacturer.ts";
import { documentsOf } from "./platform-keys.ts";

/** Sets one attribute of a member's stored sign-in, to begin where a test would take long to get. */
export async function setLoginAttribute(
  stack: Pick<Stack, "endpoints" | "tableNames">,
  { manufacturerId, memberId }: SignedInMember,
  name: "failures" | "passwordHash",
  value: unknown,
): Promise<void> {
  const documents = documentsOf(stack);
  const TableName = stack.tableNames.identity;
  const { Item } = await documents.send(
    new GetCommand({ TableName, Key: identityKeys.member(manufacturerId, memberId) }),
  );
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: identityKeys.login(String(Item?.["emailHash"])),
      UpdateExpression: "SET #name = :value",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":value": value },
    }),
  );
}
