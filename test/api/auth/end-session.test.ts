import { describe, expect, test } from "vitest";
import { claimsOf, inviteMember, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const end = (token: string, sessionId: unknown) =>
  stack.http.delete(`/v1/auth/sessions/${sessionId}`, { token });

describe("204", () => {
  test("a lost device's session ends by its id: its refresh token at once", async () => {
    const owner = await signUp(stack);
    const lost = await signIn(stack, { email: owner.email, password: owner.password });
    expect((await end(owner.accessToken, claimsOf(lost.accessToken)["sid"])).status).toBe(204);
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: lost.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
  });
});

describe("404", () => {
  test("an ended, an expired, a colleague's, a foreign and an absent session are the same", async () => {
    const [owner, stranger] = [await signUp(stack), await signUp(stack)];
    const credentials = { email: owner.email, password: owner.password };
    const expired = claimsOf(owner.accessToken)["sid"];
    stack.advanceClock(3600);
    const current = await signIn(stack, credentials);
    const colleague = await inviteMember(stack, current, "admin");
    const ended = claimsOf((await signIn(stack, credentials)).accessToken)["sid"];
    expect((await end(current.accessToken, ended)).status).toBe(204);
    const answers = [];
    for (const sessionId of [
      ended,
      expired,
      claimsOf(colleague.accessToken)["sid"],
      claimsOf(stranger.accessToken)["sid"],
      `ses_${"A".repeat(22)}`,
    ]) {
      answers.push(await end(current.accessToken, sessionId));
    }
    expect(answers[0]).toMatchObject(problemAnswer("not-found"));
    expect(new Set(answers.map((answer) => JSON.stringify(withoutInstance(answer)))).size).toBe(1);
  });
});

describe("400", () => {
  test("what cannot be a session's id is named as such", async () => {
    const { accessToken } = await signUp(stack);
    expect(await end(accessToken, "all")).toMatchObject(
      problemAnswer("invalid-request", {
        errors: [{ pointer: "/params/sessionId", code: "invalid-format" }],
      }),
    );
  });
});
