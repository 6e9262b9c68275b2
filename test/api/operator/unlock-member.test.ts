import { beforeAll, describe, expect, it } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { createFirstOperator, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { askForMfaToken, enrolTotp, setFailures } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let operator: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
});
const unlock = (memberId: string, token = operator.accessToken) =>
  stack.http.post(`/v1/operator/members/${memberId}/unlock`, { token });

describe("200", () => {
  it("gives a password its attempts back", async () => {
    const owner = await signUp(stack);
    const attempt = (password: string) =>
      stack.http.post("/v1/auth/sign-in", { body: { email: owner.email, password } });
    for (let count = 0; count < 6; count++) await attempt("wrong password");
    expect((await attempt(owner.password)).status).toBe(429);
    expect((await unlock(owner.memberId)).body).toMatchObject({
      status: "unlocked",
      removedFactorIds: [],
    });
    expect((await attempt(owner.password)).status).toBe(200);
  });

  it("takes a disabled factor away: the member signs in, can do nothing but bind a new one, and then everything", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await setFailures(stack, owner, 99);
    const mfaToken = await askForMfaToken(stack, owner);
    await stack.http.post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: owner.app.wrongCode() },
    });
    expect((await unlock(owner.memberId)).body.removedFactorIds).toEqual([owner.app.factorId]);
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

  it("leaves a factor that works where it is", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    expect((await unlock(owner.memberId)).body.removedFactorIds).toEqual([]);
    await askForMfaToken(stack, owner);
  });
});

describe("403", () => {
  it("for an owner", async () => {
    const owner = await signUp(stack);
    expect(await unlock(owner.memberId, owner.accessToken)).toMatchObject(
      problemAnswer("forbidden"),
    );
  });
});

describe("404", () => {
  it("for a member that there is not", async () => {
    expect(await unlock(`mem_${"x".repeat(22)}`)).toMatchObject(problemAnswer("not-found"));
  });
});
