import { describe, expect, test } from "vitest";
import { attemptsByStrangersMax } from "../../../lib/auth/known-devices.ts";
import { claimsOf, password, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { setLoginAttribute } from "../../support/stored-login.ts";

const stack = useStack();
const next = "seven brass lanterns";
const change = (token: string, current: string, chosen: string) =>
  stack.http.post("/v1/auth/password/change", { token, body: { current, new: chosen } });

describe("200", () => {
  test("the new password signs in, the old one does not, and only the new session goes on", async () => {
    const owner = await signUp(stack);
    const elsewhere = await signIn(stack, { email: owner.email, password });
    stack.advanceClock(1);
    const { status, body } = await change(owner.accessToken, password, next);
    expect(status).toBe(200);
    const old = await stack.http.post("/v1/auth/sign-in", {
      body: { email: owner.email, password },
    });
    expect(old).toMatchObject(problemAnswer("invalid-credentials"));
    await signIn(stack, { email: owner.email, password: next });
    stack.advanceClock(60);
    for (const { accessToken } of [owner, elsewhere]) {
      const answer = await stack.http.get("/v1/auth/sessions", { token: accessToken });
      expect(answer).toMatchObject(problemAnswer("invalid-token", { reason: "session-ended" }));
    }
    const list = await stack.http.get("/v1/auth/sessions", { token: body.accessToken });
    expect(list.status).toBe(200);
    expect(claimsOf(body.accessToken)["sid"]).not.toBe(claimsOf(owner.accessToken)["sid"]);
  });
});

describe("401", () => {
  test("a stolen access token alone changes no password, and the attempt is on record", async () => {
    const owner = await signUp(stack);
    const answer = await change(owner.accessToken, "not the right password", next);
    expect(answer).toMatchObject(problemAnswer("invalid-credentials"));
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    expect(body.items[0]).toMatchObject({ action: "auth.password.refused", outcome: "failure" });
  });
});

describe("422", () => {
  test("a new password must be good enough, and trying one costs no attempt", async () => {
    const owner = await signUp(stack);
    for (const [chosen, code] of [
      ["short", "password-too-short"],
      ["x1 ".repeat(60), "password-too-long"],
      ["Rohrwerk Keller GmbH", "password-blocked"],
      ["Maria Keller Maria", "password-blocked"],
      ["passwordpassword", "password-blocked"],
      ["aaaaaaaaaaaaaaaa", "password-blocked"],
    ] as const) {
      expect(await change(owner.accessToken, password, chosen)).toMatchObject(problemAnswer(code));
    }
    expect((await change(owner.accessToken, password, next)).status).toBe(200);
  });
});

describe("429", () => {
  test("a session has five guesses at the current password in a row, and a sign-in gives them back", async () => {
    const owner = await signUp(stack);
    const guess = () => change(owner.accessToken, "not the right password", next);
    for (let count = 0; count < 5; count++) expect((await guess()).status).toBe(401);
    expect(await change(owner.accessToken, password, next)).toMatchObject(
      problemAnswer("too-many-attempts"),
    );
    await signIn(stack, owner);
    expect((await guess()).status).toBe(401);
    expect((await change(owner.accessToken, password, next)).status).toBe(200);
  });

  test("strangers who use up their attempts keep nobody from changing the password, and the other way round", async () => {
    const owner = await signUp(stack);
    const { email } = owner;
    const signInAsStranger = () =>
      stack.http.post("/v1/auth/sign-in", { body: { email, password: "not the right one" } });
    for (let count = 0; count < 5; count++) {
      await change(owner.accessToken, "not the right password", next);
    }
    for (let count = 0; count < 5; count++) expect((await signInAsStranger()).status).toBe(401);
    expect((await signInAsStranger()).status).toBe(429);
    const other = await signUp(stack);
    await setLoginAttribute(stack, other, "failures", attemptsByStrangersMax);
    expect((await change(other.accessToken, password, next)).status).toBe(200);
  });
});
