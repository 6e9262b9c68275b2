import { describe, expect, it } from "vitest";
import { signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { askForMfaToken, enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const verify = (mfaToken: string, code: unknown) =>
  stack.http.post("/v1/auth/mfa/backup-code", { body: { mfaToken, code } });

describe("200", () => {
  it("a member who lost the phone signs in with a backup code, binds a new app and goes on", async () => {
    const owner = await enrolTotp(stack, await signUp(stack), { label: "lost phone" });
    const mfaToken = await askForMfaToken(stack, owner);
    const { status, body } = await verify(mfaToken, owner.backupCodes[0]?.toLowerCase());
    expect(status).toBe(200);
    expect(body).toMatchObject({ acr: "aal2", amr: ["pwd", "backup-code"] });
    const recovered = await enrolTotp(
      stack,
      { ...owner, accessToken: body.accessToken },
      { label: "new phone", replacesFactorId: owner.app.factorId },
    );
    const factors = await stack.http.get("/v1/mfa/factors", { token: recovered.accessToken });
    expect(factors.body.items).toMatchObject([{ label: "new phone" }]);
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(owner.email))
      .map(({ subject }) => subject);
    expect(subjects).toContain("A backup code was used");
  });
});

describe("400", () => {
  it.each([null, "", 7, "A".repeat(65)])("for the code %j", async (code) => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const mfaToken = await askForMfaToken(stack, owner);
    expect(await verify(mfaToken, code)).toMatchObject(problemAnswer("invalid-request"));
  });
});

describe("401", () => {
  it("of a hundred parallel uses of one code one makes a session", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const tokens: string[] = [];
    for (let index = 0; index < 4; index++) tokens.push(await askForMfaToken(stack, owner));
    const [code] = owner.backupCodes;
    const { fulfilled } = await race(100, (index) => verify(tokens[index % 4] ?? "", code));
    expect(fulfilled.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("for a code of nobody, of somebody else, and what is no code", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const stranger = await enrolTotp(stack, await signUp(stack));
    const mfaToken = await askForMfaToken(stack, owner);
    for (const code of ["0".repeat(24), stranger.backupCodes[0], "not a code", "０".repeat(24)]) {
      expect(await verify(mfaToken, code)).toMatchObject(problemAnswer("invalid-code"));
    }
    expect(await verify("a.b.c", owner.backupCodes[0])).toMatchObject(
      problemAnswer("invalid-mfa-token"),
    );
  });
});
