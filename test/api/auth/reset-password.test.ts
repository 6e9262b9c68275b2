import { describe, expect, test } from "vitest";
import { readLinkToken, sendInvitation, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const next = "seven brass lanterns";
const reset = (token: string, chosen = next) =>
  stack.http.post("/v1/auth/password/reset", { body: { token, password: chosen } });

async function requestLink(email: string): Promise<string> {
  await stack.http.post("/v1/auth/password/forgot", { body: { email } });
  return readLinkToken(stack, email);
}

describe("200", () => {
  test("the new password signs in, every session has ended, and no token is handed out", async () => {
    const owner = await signUp(stack);
    const token = await requestLink(owner.email);
    stack.advanceClock(1);
    expect(await reset(token)).toMatchObject({ status: 200, body: { status: "password-set" } });
    stack.advanceClock(60);
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: owner.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
    await signIn(stack, { email: owner.email, password: next });
  });

  test("it ends a session too that a function with a clock ahead of ours began", async () => {
    const owner = await signUp(stack);
    const token = await requestLink(owner.email);
    stack.advanceClock(2);
    const session = await signIn(stack, owner);
    stack.advanceClock(-2);
    expect((await reset(token)).status).toBe(200);
    stack.advanceClock(62);
    const answer = await stack.http.get("/v1/manufacturers/me", { token: session.accessToken });
    expect(answer).toMatchObject(problemAnswer("invalid-token", { reason: "session-ended" }));
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: session.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
  });

  test("it forgives the guesses of strangers and forgets the devices that were known", async () => {
    const { email, knownDevice } = await signUp(stack);
    const guess = (body: Record<string, unknown>) =>
      stack.http.post("/v1/auth/sign-in", { body: { email, password: "not the one", ...body } });
    for (let count = 0; count < 5; count++) await guess({});
    expect((await guess({})).status).toBe(429);
    await reset(await requestLink(email));
    for (let count = 0; count < 5; count++) expect((await guess({})).status).toBe(401);
    expect((await guess({ knownDevice })).status).toBe(429);
  });
});

describe("400", () => {
  test("a link is good once and for an hour, and for nothing else", async () => {
    const owner = await signUp(stack);
    const used = await requestLink(owner.email);
    expect((await reset(used)).status).toBe(200);
    const expired = await requestLink(owner.email);
    const { token: invitation } = await sendInvitation(
      stack,
      await signIn(stack, { email: owner.email, password: next }),
      "viewer",
    );
    stack.advanceClock(3600);
    for (const token of [used, expired, invitation, "A".repeat(43)]) {
      expect(await reset(token)).toMatchObject(problemAnswer("invalid-ticket"));
    }
    await signIn(stack, { email: owner.email, password: next });
  });
});

describe("400 for a link that the password has outlived", () => {
  const requestLinks = async (email: string) => [
    await requestLink(email),
    await requestLink(email),
  ];

  test("a reset voids every other link, older and newer ones", async () => {
    const { email } = await signUp(stack);
    const [older = "", used = "", newer = ""] = [
      ...(await requestLinks(email)),
      await requestLink(email),
    ];
    expect((await reset(used)).status).toBe(200);
    for (const token of [older, newer]) {
      expect(await reset(token, "eleven copper kettles")).toMatchObject(
        problemAnswer("invalid-ticket"),
      );
    }
    await signIn(stack, { email, password: next });
  });

  test("a change of the password voids every link", async () => {
    const owner = await signUp(stack);
    const links = await requestLinks(owner.email);
    const changed = await stack.http.post("/v1/auth/password/change", {
      token: owner.accessToken,
      body: { current: owner.password, new: next },
    });
    expect(changed.status).toBe(200);
    for (const token of links) {
      expect(await reset(token, "eleven copper kettles")).toMatchObject(
        problemAnswer("invalid-ticket"),
      );
    }
    expect((await reset(await requestLink(owner.email), "eleven copper kettles")).status).toBe(200);
  });
});

describe("422", () => {
  test("the password must be good enough, and the link survives one that is not", async () => {
    const { email } = await signUp(stack);
    const token = await requestLink(email);
    expect(await reset(token, "short")).toMatchObject(problemAnswer("password-too-short"));
    expect(await reset(token, "Rohrwerk Keller GmbH")).toMatchObject(
      problemAnswer("password-blocked"),
    );
    expect((await reset(token)).status).toBe(200);
  });
});
