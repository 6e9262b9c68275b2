import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { ItemKey } from "../../lib/aws/item-keys.ts";
import { identityKeys } from "../../lib/aws/item-keys.ts";
import type { Stack } from "../../local/stack.ts";
import type { SignedInMember } from "./manufacturer.ts";
import { documentsOf } from "./platform-keys.ts";

type StackInUse = Pick<Stack, "endpoints" | "tableNames">;

/** Sets one attribute of a member's stored sign-in, to begin where a test would take long to get. */
export async function setLoginAttribute(
  stack: StackInUse,
  member: SignedInMember,
  name: "failures" | "passwordHash",
  value: unknown,
): Promise<void> {
  await documentsOf(stack).send(
    new UpdateCommand({
      TableName: stack.tableNames.identity,
      Key: await keyOfLogin(stack, member),
      UpdateExpression: "SET #name = :value",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":value": value },
    }),
  );
}

/** One attribute of a member's stored sign-in, for what no operation shows. */
export async function readLoginAttribute(
  stack: StackInUse,
  member: SignedInMember,
  name: "passwordHash",
): Promise<unknown> {
  const { Item } = await documentsOf(stack).send(
    new GetCommand({
      TableName: stack.tableNames.identity,
      Key: await keyOfLogin(stack, member),
      ConsistentRead: true,
    }),
  );
  return Item?.[name];
}

async function keyOfLogin(
  stack: StackInUse,
  { manufacturerId, memberId }: SignedInMember,
): Promise<ItemKey> {
  const { Item } = await documentsOf(stack).send(
    new GetCommand({
      TableName: stack.tableNames.identity,
      Key: identityKeys.member(manufacturerId, memberId),
    }),
  );
  return identityKeys.login(String(Item?.["emailHash"]));
}
