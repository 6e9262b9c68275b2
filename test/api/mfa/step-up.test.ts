import { describe, expect, it } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { enrolTotp, refreshed, signInWithTotp, stepUp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const verify = (token: string, body: unknown) => stack.http.post("/v1/mfa/verify", { body, token });

describe("200", () => {
  it("authenticates now, in a new session that takes the old one's place", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    stack.advanceClock(901);
    const stale = await refreshed(stack, owner);
    expect(
      await stack.http.post("/v1/mfa/backup-codes", { token: stale.accessToken }),
    ).toMatchObject(problemAnswer("insufficient-authentication", { maxAgeSeconds: 900 }));
    const after = await stepUp(stack, stale);
    const answer = await stack.http.post("/v1/mfa/backup-codes", { token: after.accessToken });
    expect(answer.status).toBe(200);
    const { body: sessions } = await stack.http.get("/v1/auth/sessions", {
      token: after.accessToken,
    });
    expect(
      sessions.items.filter((session: { acr: string }) => session.acr === "aal2"),
    ).toHaveLength(1);
  });

  it("raises a session that began before the app was bound", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, owner);
    const enrolled = await enrolTotp(stack, owner, { endOtherSessions: false });
    const raised = await stepUp(stack, { ...enrolled, accessToken: other.accessToken });
    expect(claimsOf(raised.accessToken)).toMatchObject({ acr: "aal2" });
  });

  it("does not stretch the session beyond a day from the password", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    let member = await signInWithTotp(stack, owner);
    const passwordAt = Number((claimsOf(member.accessToken)["amr_times"] as { pwd: number }).pwd);
    for (let hour = 0; hour < 3; hour++) {
      stack.advanceClock(500);
      member = await stepUp(stack, member);
    }
    const { body } = await stack.http.get("/v1/auth/sessions", { token: member.accessToken });
    const current = body.items.find((session: { isCurrent: boolean }) => session.isCurrent);
    expect(Date.parse(current.expiresAt) / 1000).toBeLessThanOrEqual(passwordAt + 86_401);
  });

  it("warm, it costs two calls: charge and commit", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    stack.advanceClock(30);
    const warm = await stepUp(stack, owner);
    const code = warm.app.nextCode();
    expect(await countCalls(stack, () => verify(warm.accessToken, { code }))).toEqual({
      dynamodb: 2,
      kms: 0,
    });
  });
});

describe("401", () => {
  it("for a wrong code, and for one that was used already", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const wrong = await verify(owner.accessToken, { code: owner.app.wrongCode() });
    expect(wrong).toMatchObject(problemAnswer("invalid-code"));
    const code = owner.app.nextCode();
    const first = await verify(owner.accessToken, { code });
    expect(first.status).toBe(200);
    const second = await verify(first.body.accessToken, { code });
    expect(second).toMatchObject(problemAnswer("invalid-code"));
    await stack.settled();
    expect(stack.events().map((event) => event["detail-type"])).toContain("mfa.otp.replayed");
  });

  it("for a member without an app, and for another member's app by its id", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const stranger = await signUp(stack);
    const { factorId } = owner.app;
    for (const body of [{ code: "123456" }, { code: owner.app.codeAt(0), factorId }]) {
      expect(await verify(stranger.accessToken, body)).toMatchObject(problemAnswer("invalid-code"));
    }
  });
});
