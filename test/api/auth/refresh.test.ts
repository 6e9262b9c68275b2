import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import {
  claimsOf,
  inviteMember,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
const refused = problemAnswer("invalid-refresh-token");

describe("200", () => {
  test("new tokens say the same session, assurance and time of authentication", async () => {
    const owner = await signUp(stack);
    stack.advanceClock(300);
    const { status, body } = await refresh(owner.refreshToken);
    expect(status).toBe(200);
    const [before, after] = [claimsOf(owner.accessToken), claimsOf(body.accessToken)];
    for (const claim of ["sub", "mid", "sid", "acr", "amr", "auth_time"]) {
      expect(after[claim], claim).toEqual(before[claim]);
    }
    expect(Number(after["exp"])).toBeGreaterThan(Number(before["exp"]));
    expect(body.refreshToken).not.toBe(owner.refreshToken);
  });

  test("a client that uses its token again within ten seconds gets the same successor", async () => {
    const { refreshToken } = await signUp(stack);
    const first = await refresh(refreshToken);
    stack.advanceClock(9);
    const second = await refresh(refreshToken);
    expect(second.body.refreshToken).toBe(first.body.refreshToken);
    expect((await refresh(first.body.refreshToken)).status).toBe(200);
  });

  test("fifty uses at once get one successor", async () => {
    const { refreshToken } = await signUp(stack);
    const { fulfilled } = await race(50, () => refresh(refreshToken));
    expect(new Set(fulfilled.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(fulfilled.map(({ body }) => body.refreshToken)).size).toBe(1);
  });

  test("a changed role is in the next token, for one call more", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await refresh((await signIn(stack, viewer)).refreshToken);
    await stack.http.patch(`/v1/members/${viewer.memberId}`, {
      token: owner.accessToken,
      body: { role: "admin" },
    });
    let accessToken = "";
    const calls = await countCalls(stack, async () => {
      ({ accessToken } = (await refresh(viewer.refreshToken)).body);
    });
    expect(claimsOf(accessToken)["roles"]).toEqual(["admin"]);
    expect(calls).toEqual({ dynamodb: 2, kms: 0 });
  });

  test("warm, it costs one call; cold, the keys and a secret once more", async () => {
    let { refreshToken } = await signUp(stack);
    const run = async () => {
      const { body } = await refresh(refreshToken);
      refreshToken = body.refreshToken;
    };
    stack.coldStart();
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 3, kms: 2 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 1, kms: 0 });
  });

  test("a lost response costs the client nothing: the next try gets the successor", async () => {
    const { refreshToken } = await signUp(stack);
    stack.faults({
      service: "dynamodb",
      mode: "lose-response",
      times: 1,
      operation: "TransactWriteItems",
    });
    const { status, body } = await refresh(refreshToken);
    expect(status).toBe(200);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  test("a session is kept alive by use for a day, and its last token does not outlive it", async () => {
    let { refreshToken } = await signUp(stack);
    let expiresInSeconds = 600;
    for (let elapsedMinutes = 0; elapsedMinutes < 23 * 60 + 55; elapsedMinutes += 35) {
      stack.advanceClock(35 * 60);
      const { status, body } = await refresh(refreshToken);
      expect(status, `after ${elapsedMinutes} minutes`).toBe(200);
      ({ refreshToken, expiresInSeconds } = body);
    }
    expect(expiresInSeconds).toBeLessThanOrEqual(5 * 60);
    stack.advanceClock(expiresInSeconds + 1);
    expect(await refresh(refreshToken)).toMatchObject(refused);
  });
});

describe("401", () => {
  test("a used token that comes back late ends the session, for whoever has its newest token too", async () => {
    const owner = await signUp(stack);
    const { body } = await refresh(owner.refreshToken);
    stack.advanceClock(11);
    expect(await refresh(owner.refreshToken)).toMatchObject(refused);
    expect(await refresh(body.refreshToken)).toMatchObject(refused);
    await stack.settled();
    expect(
      stack.events().filter((event) => event["detail-type"] === "auth.refresh-token.reused"),
    ).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ actorId: owner.memberId }) }),
    );
    const other = await signIn(stack, { email: owner.email, password: owner.password });
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test("a token two steps old ends the session at once", async () => {
    const owner = await signUp(stack);
    const second = await refresh(owner.refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect(await refresh(owner.refreshToken)).toMatchObject(refused);
    expect(await refresh(third.body.refreshToken)).toMatchObject(refused);
  });

  test("an hour without use ends a session", async () => {
    const { refreshToken } = await signUp(stack);
    stack.advanceClock(3600);
    expect(await refresh(refreshToken)).toMatchObject(refused);
  });

  test("what is no token of ours, or was changed in any part, is refused", async () => {
    const { refreshToken } = await signUp(stack);
    const parts = refreshToken.split(".");
    const changed = parts.map((part, index) =>
      parts.with(index, `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}`).join("."),
    );
    for (const token of [...changed, "x", "....", `${refreshToken}.x`]) {
      const answer = await refresh(token);
      expect(answer, token).toMatchObject(refused);
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test("neither sign-out nor a new password leaves a refresh token alive", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, { email: owner.email, password: owner.password });
    await stack.http.post("/v1/auth/sign-out", { token: other.accessToken });
    expect(await refresh(other.refreshToken)).toMatchObject(refused);
    await stack.http.post("/v1/auth/password/change", {
      token: owner.accessToken,
      body: { current: owner.password, new: "seven brass lanterns" },
    });
    expect(await refresh(owner.refreshToken)).toMatchObject(refused);
  });
});
