import { describe, expect, test } from "vitest";
import {
  inviteMember,
  readLinkToken,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const reset = (token: string, memberId: string) =>
  stack.http.post(`/v1/members/${memberId}/reset`, { token });

describe("202", () => {
  test("the link goes to the member, works once, and the old password works until then", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await reset(owner.accessToken, viewer.memberId)).toMatchObject({
      status: 202,
      body: { status: "reset-sent" },
    });
    await signIn(stack, { email: viewer.email, password: viewer.password });
    const body = {
      token: await readLinkToken(stack, viewer.email),
      password: "seven brass lanterns",
    };
    const set = () => stack.http.post("/v1/auth/password/reset", { body });
    expect((await set()).status).toBe(200);
    expect(await set()).toMatchObject(problemAnswer("invalid-ticket"));
    await signIn(stack, { email: viewer.email, password: body.password });
  });
});

describe("403", () => {
  test("an admin does not reset an owner", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await reset(admin.accessToken, owner.memberId)).toMatchObject(
      problemAnswer("role-above-own"),
    );
  });
});

describe("404", () => {
  test("a foreign member and one who has no password yet are not found", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const { memberId } = await sendInvitation(stack, owner, "viewer");
    for (const target of [stranger.memberId, memberId]) {
      expect(await reset(owner.accessToken, target)).toMatchObject(problemAnswer("not-found"));
    }
  });
});

describe("429", () => {
  test("a member is not flooded with links", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    let answer = await reset(owner.accessToken, viewer.memberId);
    for (let count = 0; answer.status === 202 && count < 10; count++) {
      answer = await reset(owner.accessToken, viewer.memberId);
    }
    expect(answer).toMatchObject(problemAnswer("too-many-mails"));
  });
});
