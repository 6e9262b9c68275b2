import { beforeAll, describe, expect, test } from "vitest";
import { attemptsByStrangersMax } from "../../../lib/auth/known-devices.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  inviteMember,
  password,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { askForMfaToken, enrolTotp, setFailures } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";
import { setLoginAttribute } from "../../support/stored-login.ts";

const stack = useStack();
let operator: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
});
const unlock = (token: string, memberId: string) =>
  stack.http.post(`/v1/operator/members/${memberId}/unlock`, { token });

describe("200", () => {
  test("a member whose password is disabled signs in again, with the same password", async () => {
    const owner = await signUpWithFactor(stack);
    // Where the last guess of a stranger would have brought it.
    await setLoginAttribute(stack, owner, "failures", attemptsByStrangersMax);
    const attempt = () =>
      stack.http.post("/v1/auth/sign-in", { body: { email: owner.email, password } });
    expect(await attempt()).toMatchObject(problemAnswer("too-many-attempts"));
    expect(await unlock(operator.accessToken, owner.memberId)).toMatchObject({
      status: 200,
      body: { memberId: owner.memberId, status: "unlocked" },
    });
    expect((await attempt()).status).toBe(200);
  });

  test("the record stands in the member's own manufacturer", async () => {
    const owner = await signUpWithFactor(stack);
    await unlock(operator.accessToken, owner.memberId);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    expect(body.items[0]).toMatchObject({
      action: "auth.password.unlocked",
      actorId: operator.memberId,
      subjectId: owner.memberId,
      manufacturerId: owner.manufacturerId,
    });
  });

  test("takes a disabled factor away: the member signs in, can do nothing but bind a new one, and then everything", async () => {
    const owner = await signUpWithFactor(stack);
    await setFailures(stack, owner, 99);
    const mfaToken = await askForMfaToken(stack, owner);
    await stack.http.post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: owner.app.wrongCode() },
    });
    expect((await unlock(operator.accessToken, owner.memberId)).body.removedFactorIds).toEqual([
      owner.app.factorId,
    ]);
    const again = await signIn(stack, owner);
    const read = (token: string) => stack.http.get("/v1/manufacturers/me", { token });
    expect(await read(again.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
    );
    const bound = await enrolTotp(stack, again);
    expect((await read(bound.accessToken)).status).toBe(200);
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(owner.email))
      .map(({ subject }) => subject);
    expect(subjects).toContain("Your second factor has to be bound anew");
  });

  test("leaves a factor that works where it is", async () => {
    const owner = await signUpWithFactor(stack);
    expect((await unlock(operator.accessToken, owner.memberId)).body.removedFactorIds).toEqual([]);
    await askForMfaToken(stack, owner);
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
