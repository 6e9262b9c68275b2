import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  inviteMember,
  password,
  sendInvitation,
  signIn,
  signUp,
} from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let operator: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
});
const unlock = (token: string, memberId: string) =>
  stack.http.post(`/v1/operator/members/${memberId}/unlock`, { token });

/** Sets the counter to where the last guess of a stranger would have brought it. */
async function disablePassword(member: SignedInMember): Promise<void> {
  const documents = documentsOf(stack);
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: stack.tableNames.identity,
      Key: identityKeys.member(member.manufacturerId, member.memberId),
      UpdateExpression: "SET touched = :now",
      ExpressionAttributeValues: { ":now": 1 },
      ReturnValues: "ALL_NEW",
    }),
  );
  await documents.send(
    new UpdateCommand({
      TableName: stack.tableNames.identity,
      Key: identityKeys.login(String(Attributes?.["emailHash"])),
      UpdateExpression: "SET failures = :max",
      ExpressionAttributeValues: { ":max": 75 },
    }),
  );
}

describe("200", () => {
  test("a member whose password is disabled signs in again, with the same password", async () => {
    const owner = await signUp(stack);
    await disablePassword(owner);
    const attempt = () =>
      stack.http.post("/v1/auth/sign-in", { body: { email: owner.email, password } });
    expect(await attempt()).toMatchObject(problemAnswer("too-many-attempts"));
    expect(await unlock(operator.accessToken, owner.memberId)).toMatchObject({
      status: 200,
      body: { memberId: owner.memberId, status: "unlocked" },
    });
    expect((await attempt()).status).toBe(200);
  });

  test("the record stands in the member's own manufacturer", async () => {
    const owner = await signUp(stack);
    await unlock(operator.accessToken, owner.memberId);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    expect(body.items[0]).toMatchObject({
      action: "auth.password.unlocked",
      actorId: operator.memberId,
      subjectId: owner.memberId,
      manufacturerId: owner.manufacturerId,
    });
  });
});

describe("403", () => {
  test("an owner unlocks nobody, not even in their own manufacturer", async () => {
    const owner = await signUp(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await unlock(owner.accessToken, viewer.memberId)).toMatchObject(
      problemAnswer("forbidden"),
    );
  });
});

describe("404", () => {
  test("a removed, an invited and an absent member are not found", async () => {
    const owner = await signUp(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    const { memberId } = await sendInvitation(stack, owner, "viewer");
    for (const target of [viewer.memberId, memberId, `mem_${"A".repeat(22)}`]) {
      expect(await unlock(operator.accessToken, target)).toMatchObject(problemAnswer("not-found"));
    }
  });
});

test("an operator's session is one like any other: it ends when they sign out", async () => {
  const owner = await signUp(stack);
  const { email, password: secret } = operator;
  const session = await signIn(stack, { email, password: secret });
  await stack.http.post("/v1/auth/sign-out", { token: session.accessToken });
  expect(await unlock(session.accessToken, owner.memberId)).toMatchObject(
    problemAnswer("invalid-token"),
  );
});
