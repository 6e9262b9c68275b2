import { expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signIn, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

async function refusalsOf(reader: SignedInMember, actor: SignedInMember) {
  const { body } = await stack.http.get(
    `/v1/audit?action=access.operation.refused&actorId=${actor.memberId}`,
    { token: reader.accessToken },
  );
  return body.items;
}

test("what a viewer may not do is on record with operation, permission and source", async () => {
  const owner = await signUpWithFactor(stack);
  const viewer = await inviteMember(stack, owner, "viewer");
  const token = viewer.accessToken;
  const headers = { "user-agent": "Curious/1" };
  expect(await stack.http.get("/v1/audit", { token, headers })).toMatchObject(
    problemAnswer("forbidden"),
  );
  const path = `/v1/members/${owner.memberId}`;
  expect(await stack.http.delete(path, { token, headers })).toMatchObject(
    problemAnswer("forbidden"),
  );
  const common = {
    outcome: "failure",
    actorId: viewer.memberId,
    actorKind: "member",
    sourceAddress: "127.0.0.1",
    userAgent: "Curious/1",
  };
  expect(await refusalsOf(owner, viewer)).toMatchObject([
    {
      ...common,
      details: { operation: "removeMember", permission: "members:write", code: "forbidden" },
    },
    {
      ...common,
      details: { operation: "listAuditRecords", permission: "audit:read", code: "forbidden" },
    },
  ]);
});

test("a permission that asks for a second factor is on record", async () => {
  const owner = await signUp(stack);
  const body = { name: "Nobody", email: "nobody@rohrwerk.example", role: "viewer" };
  await stack.http.post("/v1/members", { token: owner.accessToken, body });
  expect(await refusalsOf(owner, owner)).toMatchObject([
    { details: { operation: "createMember", code: "insufficient-authentication" } },
  ]);
});

test("a token that outlives its session is on record, one that nobody signed is not", async () => {
  const owner = await signUp(stack);
  const { accessToken: token } = await signIn(stack, owner);
  const rotate = (sent: string) => stack.http.post("/v1/encryption/keys/rotate", { token: sent });
  await stack.http.post("/v1/auth/sign-out", { token });
  expect(await rotate(token)).toMatchObject(problemAnswer("invalid-token"));
  const [head, payload, signature = ""] = token.split(".");
  const forged = `${head}.${payload}.${[...signature].toReversed().join("")}`;
  expect(await rotate(forged)).toMatchObject(problemAnswer("invalid-token"));
  expect(await refusalsOf(owner, owner)).toMatchObject([
    { details: { operation: "rotateEncryptionKey", code: "invalid-token" } },
  ]);
});

test("who is absent or foreign, for a change, is on record in the actor's own trail alone", async () => {
  const owner = await signUpWithFactor(stack);
  const stranger = await signUpWithFactor(stack);
  const path = `/v1/members/${stranger.memberId}`;
  expect(await stack.http.delete(path, { token: owner.accessToken })).toMatchObject(
    problemAnswer("not-found"),
  );
  expect(await refusalsOf(owner, owner)).toMatchObject([
    { details: { operation: "removeMember", code: "not-found" } },
  ]);
  expect(await refusalsOf(stranger, owner)).toEqual([]);
});

test("the last owner, and a role above one's own, are refused on record", async () => {
  const owner = await signUpWithFactor(stack);
  const path = `/v1/members/${owner.memberId}`;
  expect(await stack.http.delete(path, { token: owner.accessToken })).toMatchObject(
    problemAnswer("last-owner"),
  );
  expect(await refusalsOf(owner, owner)).toMatchObject([{ details: { code: "last-owner" } }]);
});

test("a trail that cannot be written changes no refusal", async () => {
  const owner = await signUpWithFactor(stack);
  const viewer = await inviteMember(stack, owner, "viewer");
  const token = viewer.accessToken;
  stack.faults({ service: "dynamodb", mode: "error", operation: "PutItem", times: 10 });
  expect(await stack.http.get("/v1/audit", { token })).toMatchObject(problemAnswer("forbidden"));
  stack.faults({ service: "dynamodb", mode: "none" });
});
