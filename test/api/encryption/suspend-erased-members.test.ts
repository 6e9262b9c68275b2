import { beforeAll, describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  inviteMember,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let operator: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
});
const path = (id: string) => `/v1/operator/manufacturers/${id}/erase`;
const erase = (id: string) =>
  stack.http.post(path(id), {
    body: { confirm: "Rohrwerk Keller GmbH" },
    token: operator.accessToken,
  });
const withdraw = (id: string) => stack.http.delete(path(id), { token: operator.accessToken });
const signInAs = ({ email, password }: { email: string; password: string }) =>
  stack.http.post("/v1/auth/sign-in", { body: { email, password } });
const statuses = async (token: string) =>
  (await stack.http.get("/v1/members", { token })).body.items.map(
    ({ status }: { status: string }) => status,
  );

describe("members of a manufacturer that is to be erased", () => {
  test("do not sign in, refresh, follow an invitation or use the tokens they have", async () => {
    const owner = await signUpWithFactor(stack);
    const editor = await inviteMember(stack, owner, "editor");
    const invited = await sendInvitation(stack, owner, "viewer");
    await erase(owner.manufacturerId);
    await stack.settled();
    for (const member of [owner, editor]) {
      expect(await signInAs(member)).toMatchObject(problemAnswer("invalid-credentials"));
      const { refreshToken } = member;
      stack.coldStart();
      expect(await stack.http.post("/v1/auth/refresh", { body: { refreshToken } })).toMatchObject(
        problemAnswer("invalid-refresh-token"),
      );
    }
    expect(
      await stack.http.post("/v1/invitations/accept", {
        body: { token: invited.token, password: owner.password },
      }),
    ).toMatchObject(problemAnswer("invalid-ticket"));
    // At once where the permission is fresh, after the minute of the cache everywhere.
    const { accessToken: token } = owner;
    expect(await stack.http.post("/v1/encryption/keys/rotate", { token })).toMatchObject(
      problemAnswer("invalid-token"),
    );
    stack.advanceClock(60);
    expect(await stack.http.get("/v1/members", { token })).toMatchObject(
      problemAnswer("invalid-token"),
    );
  });

  test("are what they were once it is called off, an invitation and a removed member included", async () => {
    const owner = await signUpWithFactor(stack);
    const editor = await inviteMember(stack, owner, "editor");
    await sendInvitation(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${editor.memberId}`, { token: owner.accessToken });
    const before = await statuses(owner.accessToken);
    expect(before.toSorted()).toEqual(["active", "invited"]);
    await erase(owner.manufacturerId);
    await stack.settled();
    await withdraw(owner.manufacturerId);
    await stack.settled();
    const signedIn = await signIn(stack, owner);
    expect(await statuses(signedIn.accessToken)).toEqual(before);
    expect(await signInAs(editor)).toMatchObject(problemAnswer("invalid-credentials"));
  });

  test("of other manufacturers notice nothing", async () => {
    const [owner, other] = await Promise.all([signUpWithFactor(stack), signUpWithFactor(stack)]);
    await erase(owner.manufacturerId);
    await stack.settled();
    expect((await signInAs(other)).status).toBe(200);
  });
});

describe("old news", () => {
  test("delivered late or twice, change nothing: the keys' state decides", async () => {
    const owner = await signUpWithFactor(stack);
    await erase(owner.manufacturerId);
    await withdraw(owner.manufacturerId);
    await stack.settled();
    const [scheduled] = stack
      .events()
      .filter(
        (event) =>
          event["detail-type"] === "operator.manufacturer.erasure-scheduled" &&
          (event.detail as { subjectId: string }).subjectId === owner.manufacturerId,
      );
    expect(scheduled).toBeDefined();
    expect(await stack.invoke("suspendErasedMembers", scheduled)).toEqual({ changed: 0 });
    expect((await signInAs(owner)).status).toBe(200);
  });
});
