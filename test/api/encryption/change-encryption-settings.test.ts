import { describe, expect, test } from "vitest";
import { inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { setOfKeys } from "./spoil-keys.ts";

const stack = useStack();
const change = (token: string, body: object) =>
  stack.http.put("/v1/encryption/settings", { token, body });

describe("200", () => {
  test("off is null and on record; what the body leaves out stays as it is", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    expect((await change(token, { rotateEveryDays: 30 })).body).toEqual({
      rotateEveryDays: 30,
      openings: "counted",
    });
    expect((await change(token, {})).body).toEqual({ rotateEveryDays: 30, openings: "counted" });
    expect((await change(token, { rotateEveryDays: null })).body).toEqual({
      rotateEveryDays: null,
      openings: "counted",
    });
    expect((await change(token, { openings: "strict" })).body).toEqual({
      rotateEveryDays: null,
      openings: "strict",
    });
    expect((await stack.http.get("/v1/encryption/settings", { token })).body).toEqual({
      rotateEveryDays: null,
      openings: "strict",
    });
    const { body } = await stack.http.get("/v1/audit?action=encryption.settings", { token });
    expect(body.items.map(({ details }: { details: object }) => details)).toContainEqual({
      rotateEveryDays: "off",
      openings: "strict",
    });
  });
});

describe("400", () => {
  test.each([
    { rotateEveryDays: 6 },
    { rotateEveryDays: 366 },
    { rotateEveryDays: 30.5 },
    { rotateEveryDays: "90" },
    { rotateEveryDays: 0 },
    { openings: "never" },
    { rotateEvery: 90 },
  ])("%j", async (body) => {
    const { accessToken } = await signUpWithFactor(stack);
    expect(await change(accessToken, body)).toMatchObject(problemAnswer("invalid-request"));
  });
});

describe("403", () => {
  test("an editor", async () => {
    const editor = await inviteMember(stack, await signUpWithFactor(stack), "editor");
    expect(await change(editor.accessToken, { rotateEveryDays: 30 })).toMatchObject(
      problemAnswer("forbidden"),
    );
  });
});

describe("409, 410", () => {
  test.each([
    ["erasure-pending", "erasure-pending"],
    ["erased", "key-destroyed"],
  ] as const)("keys that are %s", async (state, code) => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack);
    await setOfKeys(stack, manufacturerId, "state", state);
    expect(await change(accessToken, { rotateEveryDays: 30 })).toMatchObject(problemAnswer(code));
  });
});
