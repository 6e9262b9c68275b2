import { describe, expect, test } from "vitest";
import { inviteMember, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = (token: string) => stack.http.get("/v1/encryption/settings", { token });

describe("200", () => {
  test("keys rotate every 90 days unless said", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    expect(await read(accessToken)).toMatchObject({
      status: 200,
      body: { rotateEveryDays: 90, openings: "counted" },
    });
  });
});

describe("401, 403", () => {
  test("an owner without a second factor in the session, and an editor", async () => {
    const { accessToken } = await signUp(stack);
    expect(await read(accessToken)).toMatchObject(problemAnswer("insufficient-authentication"));
    const editor = await inviteMember(stack, await signUpWithFactor(stack), "editor");
    expect(await read(editor.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});
