import { describe, expect, test } from "vitest";
import { signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const signOut = (token: string) => stack.http.post("/v1/auth/sign-out", { token });

describe("204", () => {
  test("the session of the token ends, and no other", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, { email: owner.email, password: owner.password });
    const { status, body } = await signOut(other.accessToken);
    expect([status, body]).toEqual([204, undefined]);
    const { body: list } = await stack.http.get("/v1/auth/sessions", { token: owner.accessToken });
    expect(list.items).toHaveLength(1);
    expect(list.items[0].isCurrent).toBe(true);
  });

  test("signing out twice is no error", async () => {
    const { accessToken } = await signUp(stack);
    expect((await signOut(accessToken)).status).toBe(204);
    expect((await signOut(accessToken)).status).toBe(204);
  });
});

describe("401", () => {
  test("an expired token signs nobody out", async () => {
    const { accessToken } = await signUp(stack);
    stack.advanceClock(606);
    expect(await signOut(accessToken)).toMatchObject(
      problemAnswer("invalid-token", { reason: "expired" }),
    );
  });
});
