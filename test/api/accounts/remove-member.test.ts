import { describe, expect, test } from "vitest";
import {
  createFirstOperator,
  inviteMember,
  sendInvitation,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const remove = (token: string, memberId: string) =>
  stack.http.delete(`/v1/members/${memberId}`, { token });

describe("204", () => {
  test("a removed member signs in no more, and their address is free again", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    expect((await remove(owner.accessToken, viewer.memberId)).status).toBe(204);
    const signIn = await stack.http.post("/v1/auth/sign-in", {
      body: { email: viewer.email, password: viewer.password },
    });
    expect(signIn).toMatchObject(problemAnswer("invalid-credentials"));
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: viewer.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
    const again = await stack.http.post("/v1/members", {
      token: owner.accessToken,
      body: { name: "Jonas Weber", email: viewer.email, role: "viewer" },
    });
    expect(again.status).toBe(201);
  });

  test("somebody who never followed their invitation can be removed", async () => {
    const owner = await signUpWithFactor(stack);
    const { memberId } = await sendInvitation(stack, owner, "viewer");
    expect((await remove(owner.accessToken, memberId)).status).toBe(204);
    const { body } = await stack.http.get("/v1/members", { token: owner.accessToken });
    expect(body.items).toHaveLength(1);
  });
});

describe("403", () => {
  test("an admin does not remove an owner", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await remove(admin.accessToken, owner.memberId)).toMatchObject(
      problemAnswer("role-above-own"),
    );
  });
});

describe("404", () => {
  test("a foreign, a removed and an absent member are the same", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const { memberId: removed } = await sendInvitation(stack, owner, "viewer");
    await remove(owner.accessToken, removed);
    const answers = await Promise.all(
      [stranger.memberId, removed, `mem_${"A".repeat(22)}`].map((memberId) =>
        remove(owner.accessToken, memberId),
      ),
    );
    expect(answers[0]).toMatchObject(problemAnswer("not-found"));
    expect(new Set(answers.map((answer) => JSON.stringify(withoutInstance(answer)))).size).toBe(1);
  });
});

describe("409", () => {
  test("the last operator of the platform is not removed, and one of two is", async () => {
    const operator = await createFirstOperator(stack);
    expect(await remove(operator.accessToken, operator.memberId)).toMatchObject(
      problemAnswer("last-operator"),
    );
    const second = await inviteMember(stack, operator, "operator");
    expect((await remove(second.accessToken, operator.memberId)).status).toBe(204);
    expect(await remove(second.accessToken, second.memberId)).toMatchObject(
      problemAnswer("last-operator"),
    );
  });

  test("the last owner is not removed, not even by themselves", async () => {
    const owner = await signUpWithFactor(stack);
    expect(await remove(owner.accessToken, owner.memberId)).toMatchObject(
      problemAnswer("last-owner"),
    );
  });
});
