import { describe, expect, it } from "vitest";
import { claimsOf, password, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { AuthenticatorApp, askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

const setUp = async (token: string) => {
  const { body } = await stack.http.post("/v1/mfa/totp", { body: { password }, token });
  return new AuthenticatorApp(stack, body.factorId, body.secret);
};
const confirm = (factorId: string, token: string, body: unknown) =>
  stack.http.post(`/v1/mfa/totp/${factorId}/confirm`, { body, token });

describe("200", () => {
  it("answers a session at aal2 in the place of the old one, with ten backup codes, and tells the member", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    const { status, body } = await confirm(app.factorId, owner.accessToken, {
      code: app.nextCode(),
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ acr: "aal2", amr: ["pwd", "otp"] });
    expect(body.backupCodes).toHaveLength(10);
    expect(claimsOf(body.accessToken)["sid"]).not.toBe(claimsOf(owner.accessToken)["sid"]);
    const oldRefresh = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: owner.refreshToken },
    });
    expect(oldRefresh).toMatchObject(problemAnswer("invalid-refresh-token"));
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(owner.email))
      .map(({ subject }) => subject);
    expect(subjects).toContain("A second factor was added to your account");
  });

  it("uses the code's time step: the code that bound the app cannot sign in as well", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    const code = app.codeAt(0);
    await confirm(app.factorId, owner.accessToken, { code });
    const mfaToken = await askForMfaToken(stack, owner);
    const second = await stack.http.post("/v1/auth/mfa/totp", { body: { mfaToken, code } });
    expect(second).toMatchObject(problemAnswer("invalid-code"));
  });

  it("keeps when each method was proven, through refresh", async () => {
    const owner = await signUp(stack);
    stack.advanceClock(60);
    const enrolled = await enrolTotp(stack, owner);
    const claims = claimsOf(enrolled.accessToken);
    const times = claims["amr_times"] as Record<string, number>;
    expect(times["otp"]).toBe(claims["auth_time"]);
    expect(Number(times["otp"]) - Number(times["pwd"])).toBeGreaterThanOrEqual(60);
    stack.advanceClock(60);
    const { body } = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: enrolled.refreshToken },
    });
    expect(claimsOf(body.accessToken)).toMatchObject({
      acr: "aal2",
      amr: ["pwd", "otp"],
      amr_times: times,
      auth_time: claims["auth_time"],
    });
  });

  it("ends every other session unless they are to be kept", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, owner);
    const app = await setUp(owner.accessToken);
    const { body } = await confirm(app.factorId, owner.accessToken, {
      code: app.nextCode(),
    });
    const { body: sessions } = await stack.http.get("/v1/auth/sessions", {
      token: body.accessToken,
    });
    expect(sessions.items).toMatchObject([{ isCurrent: true, acr: "aal2" }]);
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: other.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
  });

  it("binds once, of twenty confirmations at the same moment", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    const code = app.nextCode();
    const { fulfilled } = await race(20, () => confirm(app.factorId, owner.accessToken, { code }));
    expect(fulfilled.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("400", () => {
  it.each(["", "12345", "1234567", "12345a", "０８１８０４", "é23456", null, 123456])(
    "for the code %j",
    async (code) => {
      const owner = await signUp(stack);
      const app = await setUp(owner.accessToken);
      expect(await confirm(app.factorId, owner.accessToken, { code })).toMatchObject(
        problemAnswer("invalid-request"),
      );
    },
  );
});

describe("401", () => {
  it("for a wrong code", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    expect(await confirm(app.factorId, owner.accessToken, { code: app.wrongCode() })).toMatchObject(
      problemAnswer("invalid-code"),
    );
  });
});

describe("404", () => {
  it("for somebody else's app, one that is bound, and one that was set up an hour ago", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    const stranger = await signUp(stack);
    expect(
      await confirm(app.factorId, stranger.accessToken, { code: app.codeAt(0) }),
    ).toMatchObject(problemAnswer("not-found"));
    const bound = await enrolTotp(stack, stranger);
    expect(
      await confirm(bound.app.factorId, bound.accessToken, { code: bound.app.codeAt(0) }),
    ).toMatchObject(problemAnswer("not-found"));
    stack.advanceClock(3601);
    const later = await signIn(stack, owner);
    expect(await confirm(app.factorId, later.accessToken, { code: app.codeAt(0) })).toMatchObject(
      problemAnswer("not-found"),
    );
  });
});

describe("429", () => {
  it("after a few wrong codes", async () => {
    const owner = await signUp(stack);
    const app = await setUp(owner.accessToken);
    const statuses = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const code = app.wrongCode();
      statuses.push((await confirm(app.factorId, owner.accessToken, { code })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
