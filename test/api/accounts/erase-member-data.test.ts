import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { credentials, region } from "../../../local/aws-account.ts";
import {
  inviteMember,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

/** Every item of a table as text. */
async function dump(table: string): Promise<string> {
  const client = new DynamoDBClient({ endpoint: stack.endpoints.dynamodb, region, credentials });
  const { Items = [] } = await DynamoDBDocumentClient.from(client).send(
    new ScanCommand({ TableName: table }),
  );
  client.destroy();
  return JSON.stringify(Items);
}

test("a removed member leaves ids and no personal data: no session, no sign-in, no name, no address", async () => {
  const owner = await signUpWithFactor(stack);
  const viewer = await inviteMember(stack, owner, "viewer");
  await signIn(stack, { email: viewer.email, password: viewer.password });
  await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
  await stack.settled();

  const identity = await dump(stack.tableNames.identity);
  expect(identity).not.toContain(`MEM#${viewer.memberId}`);
  expect(identity).not.toContain("Jonas Weber");
  expect(identity).not.toContain(viewer.email);
  const audit = await dump(stack.tableNames.audit);
  expect(audit).toContain(viewer.memberId);
  expect(audit).not.toContain(viewer.email);
});

test("an invitation that is taken back leaves no address behind", async () => {
  const owner = await signUpWithFactor(stack);
  const { memberId, email } = await sendInvitation(stack, owner, "viewer");
  await stack.http.delete(`/v1/members/${memberId}`, { token: owner.accessToken });
  await stack.settled();
  expect(await dump(stack.tableNames.identity)).not.toContain(email);
});

test("running it again, and for another event, deletes nothing", async () => {
  const owner = await signUpWithFactor(stack);
  const detail = { action: "accounts.member.invited", subjectId: owner.memberId };
  expect(await stack.invoke("eraseMemberData", { detail })).toEqual({ deleted: 0 });
  const removed = { action: "accounts.member.removed", subjectId: `mem_${"A".repeat(22)}` };
  expect(await stack.invoke("eraseMemberData", { detail: removed })).toEqual({ deleted: 0 });
  await signIn(stack, { email: owner.email, password: owner.password });
});
