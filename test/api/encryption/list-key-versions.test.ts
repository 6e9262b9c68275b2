import { describe, expect, test } from "vitest";
import { inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

describe("200", () => {
  test("lists the manufacturer's own versions and their states, without any key", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    await stack.http.post("/v1/encryption/keys/rotate", { token });
    const { status, body } = await stack.http.get("/v1/encryption/keys", { token });
    expect(status).toBe(200);
    expect(
      body.items.map(({ keyId, state }: { keyId: string; state: string }) => [keyId, state]),
    ).toEqual([
      ["envelope#000001", "retiring"],
      ["envelope#000002", "enabled"],
      ["record#000001", "enabled"],
    ]);
    expect(Object.keys(body.items[0]).sort()).toEqual([
      "createdAt",
      "fenceUntil",
      "keyId",
      "purpose",
      "region",
      "retiredAt",
      "state",
      "version",
    ]);
  });
});

describe("403", () => {
  test("an editor seals and opens, but does not look at keys", async () => {
    const owner = await signUpWithFactor(stack);
    const editor = await inviteMember(stack, owner, "editor");
    const token = editor.accessToken;
    expect(await stack.http.get("/v1/encryption/keys", { token })).toMatchObject(
      problemAnswer("forbidden"),
    );
  });
});
