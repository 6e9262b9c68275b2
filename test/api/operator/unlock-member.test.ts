import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attemptsByStrangersMax } from "../../../lib/auth/known-devices.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  inviteMember,
  password,
  readLinkToken,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import type { EnrolledMember } from "../../support/second-factor.ts";
import { askForMfaToken, enrolTotp, refreshed, setFailures } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";
import { setLoginAttribute } from "../../support/stored-login.ts";

const stack = useStack();
let operator: SignedInMember;
let second: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
  second = await inviteMember(stack, operator, "operator");
});
// The tests move the clock, and an unlock asks for a recent authentication.
beforeEach(async () => {
  operator = await signIn(stack, operator);
  second = await signIn(stack, second);
});
const unlock = (token: string, memberId: string, query = "") =>
  stack.http.post(`/v1/operator/members/${memberId}/unlock${query}`, { token });
/** Two operators take every second factor away: one asks, the other agrees. */
async function removeAllFactors(memberId: string) {
  const asked = await unlock(operator.accessToken, memberId, "?secondFactors=all");
  expect(asked.body).toMatchObject({ status: "awaiting-approval", removedFactorIds: [] });
  return unlock(second.accessToken, memberId, "?secondFactors=all");
}
const next = "seven brass lanterns";

/** What the member alone can do: the link goes to their address. */
async function resetByEmail({ email }: SignedInMember): Promise<SignedInMember["password"]> {
  await stack.http.post("/v1/auth/password/forgot", { body: { email } });
  const token = await readLinkToken(stack, email);
  const answer = await stack.http.post("/v1/auth/password/reset", {
    body: { token, password: next },
  });
  expect(answer.status).toBe(200);
  return next;
}

const attempt = ({ email }: SignedInMember, secret = password) =>
  stack.http.post("/v1/auth/sign-in", { body: { email, password: secret } });

const readManufacturer = (token: string) => stack.http.get("/v1/manufacturers/me", { token });

const giveBackupCode = async (member: EnrolledMember, secret: string, index = 0) => {
  const mfaToken = await askForMfaToken(stack, { ...member, password: secret });
  return stack.http.post("/v1/auth/mfa/backup-code", {
    body: { mfaToken, code: member.backupCodes[index] },
  });
};

/** Brings a member's app to where the last guess of whoever knows the password would. */
async function disableApp(member: EnrolledMember): Promise<void> {
  await setFailures(stack, member, 99);
  const mfaToken = await askForMfaToken(stack, member);
  await stack.http.post("/v1/auth/mfa/totp", { body: { mfaToken, code: member.app.wrongCode() } });
}

const subjectsOf = async ({ email }: SignedInMember): Promise<(string | undefined)[]> => {
  await stack.settled();
  return stack
    .outbox()
    .filter(({ to }) => to.includes(email))
    .map(({ subject }) => subject);
};

describe("200", () => {
  test("gives the attempts back and nothing to whoever guessed: password, sessions and known devices are void", async () => {
    const owner = await signUpWithFactor(stack);
    await setLoginAttribute(stack, owner, "failures", attemptsByStrangersMax);
    const mfaToken = await askForMfaToken(stack, owner);
    stack.advanceClock(1);
    expect(await unlock(operator.accessToken, owner.memberId)).toMatchObject({
      status: 200,
      body: { memberId: owner.memberId, status: "unlocked", removedFactorIds: [] },
    });
    expect(await attempt(owner)).toMatchObject(problemAnswer("invalid-credentials"));
    const second = await stack.http.post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: owner.app.nextCode() },
    });
    expect(second).toMatchObject(problemAnswer("invalid-mfa-token"));
    stack.advanceClock(60);
    expect(await readManufacturer(owner.accessToken)).toMatchObject(problemAnswer("invalid-token"));
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: owner.refreshToken },
    });
    expect(refreshed).toMatchObject(problemAnswer("invalid-refresh-token"));
    expect(await subjectsOf(owner)).toContain("Your account was unlocked: choose a new password");
  });

  test("a link that was asked for before is void as well; one that is asked for after is not", async () => {
    const owner = await signUpWithFactor(stack);
    await stack.http.post("/v1/auth/password/forgot", { body: { email: owner.email } });
    const older = await readLinkToken(stack, owner.email);
    await unlock(operator.accessToken, owner.memberId);
    const answer = await stack.http.post("/v1/auth/password/reset", {
      body: { token: older, password: next },
    });
    expect(answer).toMatchObject(problemAnswer("invalid-ticket"));
    const session = await signIn(stack, { ...owner, password: await resetByEmail(owner) });
    expect((await readManufacturer(session.accessToken)).status).toBe(200);
  });

  test("bypasses no second factor: with the only app disabled a backup code is still asked for, and then a new app is bound", async () => {
    const owner = await signUpWithFactor(stack);
    await disableApp(owner);
    expect((await unlock(operator.accessToken, owner.memberId)).body.removedFactorIds).toEqual([]);
    const secret = await resetByEmail(owner);
    expect((await attempt(owner, secret)).body).toMatchObject({ mfaRequired: true });
    const { body } = await giveBackupCode(owner, secret);
    const again = { ...owner, accessToken: body.accessToken };
    const bound = await enrolTotp(stack, again, { replacesFactorId: owner.app.factorId });
    expect((await readManufacturer(bound.accessToken)).status).toBe(200);
  });

  test.each([
    ["disabled", disableApp],
    // The hundredth charge was counted, and the function ended before it said so.
    ["out of attempts", (member: EnrolledMember) => setFailures(stack, member, 100)],
  ])("takes an app that is %s away where another one works", async (_state, exhaust) => {
    const first = await signUpWithFactor(stack);
    const second = await enrolTotp(stack, first, { label: "tablet" });
    await exhaust(first);
    expect((await unlock(operator.accessToken, first.memberId)).body.removedFactorIds).toEqual([
      first.app.factorId,
    ]);
    const session = await signIn(stack, { ...second, password: await resetByEmail(second) });
    const { body } = await stack.http.get("/v1/mfa/factors", { token: session.accessToken });
    expect(body.items).toMatchObject([{ factorId: second.app.factorId, status: "active" }]);
    expect(await subjectsOf(first)).toContain("An authenticator app that was guessed at is gone");
  });

  test("the record stands in the member's own manufacturer", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    await unlock(operator.accessToken, owner.memberId);
    const { body } = await stack.http.get("/v1/audit", { token: admin.accessToken });
    expect(body.items[0]).toMatchObject({
      action: "auth.password.unlocked",
      actorId: operator.memberId,
      subjectId: owner.memberId,
      manufacturerId: owner.manufacturerId,
    });
  });
});

describe("403 for oneself", () => {
  test.each(["", "?secondFactors=all"])(
    "no operator unlocks their own account%s",
    async (query) => {
      expect(await unlock(operator.accessToken, operator.memberId, query)).toMatchObject(
        problemAnswer("another-operator-needed"),
      );
    },
  );
});

describe("200 with all second factors", () => {
  const all = "?secondFactors=all";

  test("one operator alone changes nothing, however often they ask; a second one does it, once", async () => {
    const owner = await signUpWithFactor(stack);
    for (let count = 0; count < 2; count++) {
      const { body } = await unlock(operator.accessToken, owner.memberId, all);
      expect(body).toMatchObject({ status: "awaiting-approval", removedFactorIds: [] });
    }
    expect((await attempt(owner)).body).toMatchObject({ mfaRequired: true });
    const done = await unlock(second.accessToken, owner.memberId, all);
    expect(done.body).toMatchObject({
      status: "unlocked",
      removedFactorIds: [owner.app.factorId],
    });
    const again = await unlock(second.accessToken, owner.memberId, all);
    expect(again.body).toMatchObject({ status: "awaiting-approval" });
    expect(await subjectsOf(owner)).toEqual(
      expect.arrayContaining([
        "Second factors of a member are to be removed",
        "Second factors of a member were removed",
      ]),
    );
  });

  test("a request is not approved after 24 hours", async () => {
    const owner = await signUpWithFactor(stack);
    await unlock(operator.accessToken, owner.memberId, all);
    stack.advanceClock(24 * 3600 + 1);
    second = await signIn(stack, second);
    expect((await unlock(second.accessToken, owner.memberId, all)).body).toMatchObject({
      status: "awaiting-approval",
    });
    expect((await attempt(owner)).body).toMatchObject({ mfaRequired: true });
  });

  test("a request of an operator who was removed since is not approved: the second one asks anew", async () => {
    const owner = await signUpWithFactor(stack);
    const leaving = await inviteMember(stack, operator, "operator");
    await unlock(leaving.accessToken, owner.memberId, all);
    await stack.http.delete(`/v1/members/${leaving.memberId}`, { token: operator.accessToken });
    const answer = await unlock(second.accessToken, owner.memberId, all);
    expect(answer.body).toMatchObject({ status: "awaiting-approval" });
    expect((await attempt(owner)).body).toMatchObject({ mfaRequired: true });
  });

  test("takes apps, devices and backup codes away: after a reset by e-mail the member can do nothing but bind a new app, and then everything", async () => {
    const owner = await signUpWithFactor(stack);
    await disableApp(owner);
    const { body } = await removeAllFactors(owner.memberId);
    expect(body.removedFactorIds).toEqual([owner.app.factorId]);
    const again = await signIn(stack, { ...owner, password: await resetByEmail(owner) });
    expect(await readManufacturer(again.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
    );
    const bound = await enrolTotp(stack, again);
    expect((await readManufacturer(bound.accessToken)).status).toBe(200);
    const stale = await giveBackupCode(owner, next);
    expect(stale).toMatchObject(problemAnswer("invalid-code"));
    expect(await subjectsOf(owner)).toContain("All second factors of your account were removed");
  });

  test("leaves whoever knew the password nothing to bind with", async () => {
    const owner = await signUpWithFactor(stack);
    await removeAllFactors(owner.memberId);
    expect(await attempt(owner)).toMatchObject(problemAnswer("invalid-credentials"));
  });

  test("is on record with what was removed", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    await removeAllFactors(owner.memberId);
    const { body } = await stack.http.get("/v1/audit", { token: admin.accessToken });
    const record = body.items.find(
      ({ action }: { action: string }) => action === "mfa.factors.removed-by-operator",
    );
    expect(record).toMatchObject({
      actorId: second.memberId,
      subjectId: owner.memberId,
      details: { factorIds: [owner.app.factorId], backupCodes: 10 },
    });
    expect(body.items).toContainEqual(
      expect.objectContaining({
        action: "operator.second-factors.removed",
        actorId: second.memberId,
        details: { requestedBy: operator.memberId },
      }),
    );
  });
});

describe("400", () => {
  test("nothing between all second factors and none can be asked for", async () => {
    const owner = await signUpWithFactor(stack);
    const answer = await unlock(operator.accessToken, owner.memberId, "?secondFactors=some");
    expect(answer).toMatchObject(problemAnswer("invalid-request"));
  });
});

describe("401", () => {
  test("an operator who has not proven themselves of late unlocks nobody", async () => {
    const owner = await signUpWithFactor(stack);
    const session = await signIn(stack, operator);
    stack.advanceClock(901);
    const { accessToken } = await refreshed(stack, session);
    expect(await unlock(accessToken, owner.memberId)).toMatchObject(
      problemAnswer("insufficient-authentication", { maxAgeSeconds: 900 }),
    );
  });
});

describe("403", () => {
  test("an owner unlocks nobody, not even in their own manufacturer", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await unlock(owner.accessToken, viewer.memberId)).toMatchObject(
      problemAnswer("forbidden"),
    );
  });
});

describe("404", () => {
  test("a removed, an invited and an absent member are not found", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    const { memberId } = await sendInvitation(stack, owner, "viewer");
    for (const target of [viewer.memberId, memberId, `mem_${"A".repeat(22)}`]) {
      expect(await unlock(operator.accessToken, target)).toMatchObject(problemAnswer("not-found"));
    }
  });
});

test("an operator's session is one like any other: it ends when they sign out", async () => {
  const owner = await signUpWithFactor(stack);
  const { email, password: secret } = operator;
  const session = await signIn(stack, { email, password: secret });
  await stack.http.post("/v1/auth/sign-out", { token: session.accessToken });
  expect(await unlock(session.accessToken, owner.memberId)).toMatchObject(
    problemAnswer("invalid-token"),
  );
});
