import { describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signIn, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { appOf, askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const end = ({ accessToken: token }: SignedInMember, memberId: string) =>
  stack.http.delete(`/v1/members/${memberId}/sessions`, { token });
const refresh = ({ refreshToken }: SignedInMember) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
const use = ({ accessToken: token }: SignedInMember) => stack.http.get("/v1/usage", { token });

async function recordsOf(reader: SignedInMember) {
  const { body } = await stack.http.get("/v1/audit?action=auth.member-sessions.ended", {
    token: reader.accessToken,
  });
  return body.items;
}

describe("204", () => {
  test("every session of the member ends, refresh tokens at once, access tokens within 60 s; nobody else's", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const viewer = await inviteMember(stack, owner, "viewer");
    // More than one transaction has room for.
    const others = await Promise.all(Array.from({ length: 45 }, () => signIn(stack, viewer)));
    // The item is in the cache of this function now.
    expect((await use(viewer)).status).toBe(200);
    stack.advanceClock(1);
    expect((await end(admin, viewer.memberId)).status).toBe(204);
    for (const session of [viewer, ...others]) {
      expect(await refresh(session)).toMatchObject(problemAnswer("invalid-refresh-token"));
    }
    expect((await refresh(owner)).status).toBe(200);
    expect((await refresh(admin)).status).toBe(200);
    stack.advanceClock(60);
    expect(await use(viewer)).toMatchObject(
      problemAnswer("invalid-token", { reason: "session-ended" }),
    );
    expect((await use(await signIn(stack, viewer))).status).toBe(200);
  });

  test("what is fresh refuses their access tokens at once, where the item was just read as well", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const rotate = () => stack.http.get("/v1/encryption/keys", { token: admin.accessToken });
    expect((await rotate()).status).toBe(200);
    stack.advanceClock(1);
    expect((await end(owner, admin.memberId)).status).toBe(204);
    expect(await rotate()).toMatchObject(
      problemAnswer("invalid-token", { reason: "session-ended" }),
    );
  });

  test("a sign-in that waits for its second factor starts over", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await enrolTotp(stack, await inviteMember(stack, owner, "viewer"));
    const mfaToken = await askForMfaToken(stack, viewer);
    stack.advanceClock(1);
    expect((await end(owner, viewer.memberId)).status).toBe(204);
    const app = appOf(viewer.email);
    const body = { mfaToken, code: app?.nextCode(), factorId: app?.factorId };
    expect(await stack.http.post("/v1/auth/mfa/totp", { body })).toMatchObject(
      problemAnswer("invalid-mfa-token"),
    );
    expect((await use(await signIn(stack, viewer))).status).toBe(200);
  });

  test("it is on record, and the member is told by e-mail", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await signIn(stack, viewer);
    stack.advanceClock(1);
    await end(owner, viewer.memberId);
    expect(await recordsOf(owner)).toMatchObject([
      {
        outcome: "success",
        actorId: owner.memberId,
        subjectId: viewer.memberId,
        sourceAddress: "127.0.0.1",
        details: { sessions: 2 },
      },
    ]);
    await stack.settled();
    const mails = stack.outbox().filter(({ to }) => to.includes(viewer.email));
    expect(mails.map(({ subject }) => subject)).toContain("Your sessions were ended");
  });

  test("without a session nothing happens, and nothing is on record", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.post("/v1/auth/sign-out", { token: viewer.accessToken });
    expect((await end(owner, viewer.memberId)).status).toBe(204);
    expect(await recordsOf(owner)).toEqual([]);
  });

  test("an owner's own sessions end with this one", async () => {
    const owner = await signUpWithFactor(stack);
    stack.advanceClock(1);
    expect((await end(owner, owner.memberId)).status).toBe(204);
    expect(await refresh(owner)).toMatchObject(problemAnswer("invalid-refresh-token"));
  });
});

describe("401", () => {
  test("a session of one factor is asked for the second", async () => {
    const owner = await signUp(stack);
    expect(await end(owner, owner.memberId)).toMatchObject(
      problemAnswer("insufficient-authentication"),
    );
  });
});

describe("403", () => {
  test("an admin does not end an owner's, a viewer nobody's", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await end(admin, owner.memberId)).toMatchObject(problemAnswer("role-above-own"));
    expect(await end(viewer, viewer.memberId)).toMatchObject(problemAnswer("forbidden"));
    expect((await refresh(owner)).status).toBe(200);
  });
});

describe("404", () => {
  test("a foreign member and an absent one are answered alike, and the foreign one's sessions live", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUp(stack)];
    const absent = await end(owner, `mem_${"a".repeat(22)}`);
    expect(absent).toMatchObject(problemAnswer("not-found"));
    expect(withoutInstance(await end(owner, stranger.memberId))).toEqual(withoutInstance(absent));
    expect((await refresh(stranger)).status).toBe(200);
  });
});
