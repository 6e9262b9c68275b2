import { describe, expect, it } from "vitest";
import { nonceOf, registerDevice } from "../../support/device.ts";
import {
  password,
  readLinkToken,
  readNotMeToken,
  signIn,
  signUp,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import type { EnrolledMember } from "../../support/second-factor.ts";
import { askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const notMe = (token: string) => stack.http.post("/v1/auth/not-me", { body: { token } });
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });

/** Chooses a new password by the link that a repudiation sends. */
async function resetByLink(email: string): Promise<void> {
  const token = await readLinkToken(stack, email);
  const answer = await stack.http.post("/v1/auth/password/reset", {
    body: { token, password: "seven brass lanterns" },
  });
  expect(answer.status).toBe(200);
}

const codeOf = async (member: EnrolledMember, newPassword = password) => {
  const mfaToken = await askForMfaToken(stack, { ...member, password: newPassword });
  return stack.http.post("/v1/auth/mfa/totp", {
    body: { mfaToken, code: member.app.nextCode(), factorId: member.app.factorId },
  });
};

describe("200", () => {
  it("a first app that a thief bound goes: the owner's password by mail is enough again", async () => {
    const owner = await signUp(stack);
    const thief = await enrolTotp(stack, owner);
    const token = await readNotMeToken(stack, owner.email);
    expect(await notMe(token)).toMatchObject({
      status: 200,
      body: { status: "account-secured", change: "factor-bound", takenBack: true },
    });
    expect(await refresh(thief.refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
    const old = await stack.http.post("/v1/auth/sign-in", {
      body: { email: owner.email, password },
    });
    expect(old).toMatchObject(problemAnswer("invalid-credentials"));
    await resetByLink(owner.email);
    const after = await stack.http.post("/v1/auth/sign-in", {
      body: { email: owner.email, password: "seven brass lanterns" },
    });
    expect(after).toMatchObject({ status: 200, body: { acr: "aal1" } });
  });

  it("an app that a thief removed or replaced works again, and the thief's own does not", async () => {
    const owner = await enrolTotp(stack, await signUp(stack), { label: "phone" });
    const thief = await enrolTotp(stack, owner, { replacesFactorId: owner.app.factorId });
    const token = await readNotMeToken(stack, owner.email);
    expect(await notMe(token)).toMatchObject({ body: { change: "factor-bound", takenBack: true } });
    await resetByLink(owner.email);
    const next = "seven brass lanterns";
    expect(await codeOf({ ...owner, app: thief.app }, next)).toMatchObject(
      problemAnswer("invalid-code"),
    );
    const again = await codeOf(owner, next);
    expect(again).toMatchObject({ status: 200, body: { acr: "aal2" } });
    const path = `/v1/mfa/factors/${owner.app.factorId}`;
    await stack.http.delete(path, { token: again.body.accessToken });
    expect(await notMe(await readNotMeToken(stack, owner.email))).toMatchObject({
      body: { change: "factor-removed", takenBack: true },
    });
    const signedOut = await refresh(again.body.refreshToken);
    expect(signedOut).toMatchObject(problemAnswer("invalid-refresh-token"));
  });

  it("new backup codes and a new device are void; what cannot come back is said to", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const { accessToken: token, email } = owner;
    const device = await registerDevice(stack, owner);
    const registered = await readNotMeToken(stack, email);
    const made = await stack.http.post("/v1/mfa/backup-codes", { token });
    const generated = await readNotMeToken(stack, email);
    const other = await registerDevice(stack, owner);
    await stack.http.delete(`/v1/devices/${other.deviceId}`, { token });
    const revoked = await readNotMeToken(stack, email);
    const answers = [];
    for (const link of [registered, generated, revoked]) answers.push((await notMe(link)).body);
    expect(answers).toMatchObject([
      { change: "device-registered", takenBack: true },
      { change: "backup-codes-generated", takenBack: true },
      { change: "device-revoked", takenBack: false, reason: "not-restorable" },
    ]);
    await resetByLink(email);
    const signIn = await stack.http.post("/v1/auth/sign-in", {
      body: { email, password: "seven brass lanterns" },
    });
    expect(signIn.body.methods).toEqual(["totp"]);
    const [code] = made.body.backupCodes;
    const { mfaToken } = signIn.body;
    expect(
      await stack.http.post("/v1/auth/mfa/backup-code", { body: { mfaToken, code } }),
    ).toMatchObject(problemAnswer("invalid-code"));
    const nonce = nonceOf(mfaToken);
    const proof = device.prove({ nonce, aud: stack.url, nowMs: stack.now() });
    expect(
      await stack.http.post("/v1/auth/mfa/device", {
        body: { mfaToken, deviceId: device.deviceId, proof },
      }),
    ).toMatchObject(problemAnswer("invalid-device-proof"));
  });

  it("after further changes of that factor nothing is taken back, and the account is secured all the same", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const bound = await readNotMeToken(stack, owner.email);
    await stack.http.delete(`/v1/mfa/factors/${owner.app.factorId}`, { token: owner.accessToken });
    expect(await notMe(bound)).toMatchObject({
      status: 200,
      body: { takenBack: false, reason: "changed-since" },
    });
    expect(await refresh(owner.refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
  });

  it("is on record, and no event, record or mail but its own holds the link's secret", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = await readNotMeToken(stack, owner.email);
    await notMe(token);
    await stack.settled();
    expect(JSON.stringify(stack.events())).not.toContain(token);
    expect(stack.outbox().filter(({ text }) => text?.includes(token))).toHaveLength(1);
    expect(stack.events().map((event) => event["detail-type"])).toContain("auth.change.repudiated");
  });
});

describe("400", () => {
  it("at its second use, of which twenty at once make one; after 72 hours; and for another link", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = await readNotMeToken(stack, owner.email);
    const { fulfilled } = await race(20, () => notMe(token));
    const statuses = fulfilled.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 200 && status !== 400)).toEqual([]);
    expect(await notMe(token)).toMatchObject(problemAnswer("invalid-ticket"));

    const reset = await readLinkToken(stack, owner.email);
    expect(await notMe(reset)).toMatchObject(problemAnswer("invalid-ticket"));

    const other = await enrolTotp(stack, await signUp(stack));
    const late = await readNotMeToken(stack, other.email);
    const asReset = await stack.http.post("/v1/auth/password/reset", {
      body: { token: late, password: "seven brass lanterns" },
    });
    expect(asReset).toMatchObject(problemAnswer("invalid-ticket"));
    stack.advanceClock(72 * 3600 + 1);
    expect(await notMe(late)).toMatchObject(problemAnswer("invalid-ticket"));
    expect((await signIn(stack, other)).accessToken).toBeDefined();
  });
});
