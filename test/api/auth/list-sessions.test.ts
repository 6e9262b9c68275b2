import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import {
  inviteMember,
  password,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const list = (token: string) => stack.http.get("/v1/auth/sessions", { token });

describe("200", () => {
  test("a member sees their own sessions, newest first, with the device each began on", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    stack.advanceClock(5);
    const { body: tokens } = await stack.http.post("/v1/auth/sign-in", {
      body: { email: viewer.email, password },
      headers: { "user-agent": "Workshop tablet" },
    });
    const { body } = await list(tokens.accessToken);
    expect(body.items).toMatchObject([
      { userAgent: "Workshop tablet", isCurrent: true, acr: "aal1", amr: ["pwd"] },
      { userAgent: "node", isCurrent: false },
    ]);
    expect(body.items[0].sessionId).toMatch(/^ses_[\w-]{22}$/);
  });

  test("a session shows the client and address of its start and of its last refresh", async () => {
    const owner = await signUp(stack);
    const { body: tokens } = await stack.http.post("/v1/auth/sign-in", {
      body: { email: owner.email, password },
      headers: { "user-agent": "Workshop tablet" },
    });
    const start = { userAgent: "Workshop tablet", sourceAddress: "127.0.0.1" };
    expect((await list(tokens.accessToken)).body.items[0]).toMatchObject({
      ...start,
      lastUserAgent: "Workshop tablet",
      lastSourceAddress: "127.0.0.1",
    });
    await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: tokens.refreshToken },
      headers: { "user-agent": "Somebody else's laptop" },
    });
    expect((await list(tokens.accessToken)).body.items[0]).toMatchObject({
      ...start,
      lastUserAgent: "Somebody else's laptop",
      lastSourceAddress: "127.0.0.1",
    });
  });

  test("sessions that ended, expired or began before a password reset are not alive", async () => {
    const owner = await signUp(stack);
    const credentials = { email: owner.email, password };
    await stack.http.post("/v1/auth/sign-out", {
      token: (await signIn(stack, credentials)).accessToken,
    });
    stack.advanceClock(3600);
    const fresh = await signIn(stack, credentials);
    expect((await list(fresh.accessToken)).body.items).toHaveLength(1);
  });

  test("warm, it costs the query and a fresh look at the access item", async () => {
    const { accessToken } = await signUp(stack);
    await list(accessToken);
    expect(await countCalls(stack, () => list(accessToken))).toEqual({ dynamodb: 2, kms: 0 });
  });
});

describe("401", () => {
  test("without a token", async () => {
    expect(await stack.http.get("/v1/auth/sessions")).toMatchObject(problemAnswer("missing-token"));
  });
});
