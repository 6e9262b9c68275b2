import { describe, expect, test } from "vitest";
import { signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const endOthers = (token: string, query = "") =>
  stack.http.delete(`/v1/auth/sessions${query}`, { token });
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });

describe("204", () => {
  test("every other session ends, however many there are; this one goes on", async () => {
    const owner = await signUp(stack);
    // More than one transaction has room for.
    const others = await Promise.all(Array.from({ length: 43 }, () => signIn(stack, owner)));
    expect((await endOthers(owner.accessToken)).status).toBe(204);
    for (const { refreshToken } of others) {
      expect(await refresh(refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
    }
    const { body } = await stack.http.get("/v1/auth/sessions", { token: owner.accessToken });
    expect(body.items).toMatchObject([{ isCurrent: true }]);
    expect((await refresh(owner.refreshToken)).status).toBe(200);
  });

  test("access tokens of the others are refused within 60 s, where the item was just read as well", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, owner);
    const use = () => stack.http.get("/v1/usage", { token: other.accessToken });
    expect((await use()).status).toBe(200);
    await endOthers(owner.accessToken);
    stack.advanceClock(60);
    expect(await use()).toMatchObject(problemAnswer("invalid-token", { reason: "session-ended" }));
  });

  test("without others nothing happens, and nothing is on record", async () => {
    const owner = await signUp(stack);
    expect((await endOthers(owner.accessToken)).status).toBe(204);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    const actions = body.items.map(({ action }: { action: string }) => action);
    expect(actions).not.toContain("auth.sessions.ended");
  });
});

describe("400", () => {
  test("for an option that the operation does not have", async () => {
    const owner = await signUp(stack);
    expect(await endOthers(owner.accessToken, "?all=true")).toMatchObject(
      problemAnswer("invalid-request", {
        errors: [{ pointer: "/query/all", code: "unknown-field" }],
      }),
    );
  });
});
