import { describe, expect, it } from "vitest";
import { signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const generate = (token: string) => stack.http.post("/v1/mfa/backup-codes", { token });
const remaining = async (token: string) =>
  (await stack.http.get("/v1/mfa/backup-codes", { token })).body.remaining;
const use = async (mfaToken: string, code: string | undefined) =>
  stack.http.post("/v1/auth/mfa/backup-code", { body: { mfaToken, code } });

describe("200", () => {
  it("the old set dies as the new one comes, also for sign-ins under way", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const underWay = await askForMfaToken(stack, owner);
    const { body } = await generate(owner.accessToken);
    expect(body.backupCodes).toHaveLength(10);
    expect(await use(underWay, owner.backupCodes[0])).toMatchObject(problemAnswer("invalid-code"));
    const mfaToken = await askForMfaToken(stack, owner);
    expect(await use(mfaToken, owner.backupCodes[1])).toMatchObject(problemAnswer("invalid-code"));
    expect((await use(mfaToken, body.backupCodes[0])).status).toBe(200);
    expect(await remaining(owner.accessToken)).toBe(9);
  });

  it("tells the member", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await generate(owner.accessToken);
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(owner.email))
      .map(({ subject }) => subject);
    expect(subjects).toContain("New backup codes were made");
  });
});

describe("401", () => {
  it("in a session that is not at aal2", async () => {
    const base = await signUp(stack);
    expect(await generate(base.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication"),
    );
    const weak = await signIn(stack, base);
    await enrolTotp(stack, base, { endOtherSessions: false });
    expect(await generate(weak.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
    );
  });
});
