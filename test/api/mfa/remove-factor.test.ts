import { describe, expect, it } from "vitest";
import { signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { AuthenticatorApp, askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const remove = (factorId: string, token: string, query = "") =>
  stack.http.delete(`/v1/mfa/factors/${factorId}${query}`, { token });

describe("204", () => {
  it("one of two apps goes and its codes with it; the other still signs in", async () => {
    const first = await enrolTotp(stack, await signUp(stack), { label: "phone" });
    const second = await enrolTotp(stack, first, { label: "tablet" });
    expect((await remove(first.app.factorId, second.accessToken)).status).toBe(204);
    const mfaToken = await askForMfaToken(stack, second);
    const removed = await stack.http.post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: first.app.nextCode() },
    });
    expect(removed).toMatchObject(problemAnswer("invalid-code"));
    const kept = await stack.http.post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: second.app.nextCode() },
    });
    expect(kept.status).toBe(200);
  });

  it("with the last one backup codes go too, and the password alone signs in", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const mfaToken = await askForMfaToken(stack, owner);
    expect((await remove(owner.app.factorId, owner.accessToken)).status).toBe(204);
    const [code] = owner.backupCodes;
    const backup = await stack.http.post("/v1/auth/mfa/backup-code", { body: { mfaToken, code } });
    expect(backup).toMatchObject(problemAnswer("invalid-code"));
    await signIn(stack, owner);
  });

  it("other sessions end unless they are to be kept, the caller's goes on", async () => {
    const base = await signUp(stack);
    const other = await signIn(stack, base);
    const keep = { endOtherSessions: false };
    const first = await enrolTotp(stack, base, keep);
    const second = await enrolTotp(stack, first, keep);
    const third = await enrolTotp(stack, second, keep);
    const refresh = () =>
      stack.http.post("/v1/auth/refresh", { body: { refreshToken: other.refreshToken } });
    await remove(first.app.factorId, third.accessToken, "?endOtherSessions=false");
    const kept = await refresh();
    expect(kept.status).toBe(200);
    other.refreshToken = kept.body.refreshToken;
    await remove(second.app.factorId, third.accessToken);
    expect(await refresh()).toMatchObject(problemAnswer("invalid-refresh-token"));
    const { body } = await stack.http.get("/v1/auth/sessions", { token: third.accessToken });
    expect(body.items).toMatchObject([{ isCurrent: true }]);
  });
});

describe("204 for an app that waits for its first code", () => {
  it("it is forgotten, at aal1 too, and cannot be confirmed any more", async () => {
    const owner = await signUp(stack);
    const { accessToken: token } = owner;
    const { body } = await stack.http.post("/v1/mfa/totp", {
      body: { password: owner.password },
      token,
    });
    const app = new AuthenticatorApp(stack, body.factorId, body.secret);
    expect((await remove(app.factorId, token)).status).toBe(204);
    const confirmed = await stack.http.post(`/v1/mfa/totp/${app.factorId}/confirm`, {
      body: { code: app.nextCode() },
      token,
    });
    expect(confirmed).toMatchObject(problemAnswer("not-found"));
    expect(await remove(app.factorId, token)).toMatchObject(problemAnswer("not-found"));
  });
});

describe("401", () => {
  it("for a session that has not proven a second factor of late", async () => {
    const base = await signUp(stack);
    const weak = await signIn(stack, base);
    const owner = await enrolTotp(stack, base, { endOtherSessions: false });
    expect(await remove(owner.app.factorId, weak.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
    );
  });
});

describe("404", () => {
  it("for an app that is not the caller's, and for one that is gone", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const stranger = await enrolTotp(stack, await signUp(stack));
    expect(await remove(owner.app.factorId, stranger.accessToken)).toMatchObject(
      problemAnswer("not-found"),
    );
  });
});

describe("409", () => {
  it("the last one stays while the password is shorter than 15 characters", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const short = "vex-otter-7";
    const changed = await stack.http.post("/v1/auth/password/change", {
      body: { current: owner.password, new: short },
      token: owner.accessToken,
    });
    expect(changed).toMatchObject({ status: 200, body: { acr: "aal2" } });
    expect(await remove(owner.app.factorId, changed.body.accessToken)).toMatchObject(
      problemAnswer("second-factor-needed"),
    );
  });

  it("the last one stays while the policy demands it", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await stack.http.put("/v1/mfa/policy", {
      body: { requiredFor: ["owner"] },
      token: owner.accessToken,
    });
    expect(await remove(owner.app.factorId, owner.accessToken)).toMatchObject(
      problemAnswer("second-factor-needed"),
    );
  });
});

describe("the password's length", () => {
  it("8 characters need a second factor: without one they are refused", async () => {
    const owner = await signUp(stack);
    const changed = await stack.http.post("/v1/auth/password/change", {
      body: { current: owner.password, new: "vex-otter-7" },
      token: owner.accessToken,
    });
    expect(changed).toMatchObject(problemAnswer("password-too-short", { lengthMin: 15 }));
  });
});
