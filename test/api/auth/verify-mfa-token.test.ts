import { describe, expect, it } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import {
  askForMfaToken,
  enrolTotp,
  setFailures,
  signInWithTotp,
} from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const verify = (mfaToken: string, code: unknown, factorId?: string) =>
  stack.http.post("/v1/auth/mfa/totp", { body: { mfaToken, code, factorId } });
const startSignIn = (body: { email: string; password: string; knownDevice?: string }) =>
  stack.http.post("/v1/auth/sign-in", {
    body: { email: body.email, password: body.password, knownDevice: body.knownDevice },
  });

describe("200", () => {
  it("password and code make a session at aal2; the password alone makes none", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const { body } = await startSignIn(owner);
    expect(body).toEqual({
      mfaRequired: true,
      mfaToken: expect.any(String),
      methods: ["totp", "backup-code"],
    });
    const { status, body: tokens } = await verify(body.mfaToken, owner.app.nextCode());
    expect(status).toBe(200);
    expect(claimsOf(tokens.accessToken)).toMatchObject({
      sub: owner.memberId,
      mid: owner.manufacturerId,
      acr: "aal2",
      amr: ["pwd", "otp"],
    });
    expect(tokens).not.toHaveProperty("knownDevice");
  });

  it("the mfa token opens nothing by itself", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = await askForMfaToken(stack, owner);
    expect(await stack.http.get("/v1/manufacturers/me", { token })).toMatchObject(
      problemAnswer("invalid-token"),
    );
  });

  it("a device that was not known yet is known from then on", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const { body } = await startSignIn({ email: owner.email, password: owner.password });
    const { body: tokens } = await verify(body.mfaToken, owner.app.nextCode());
    expect(tokens.knownDevice).toMatch(/^[\w-]{43}$/);
    const next = await startSignIn({ ...owner, knownDevice: tokens.knownDevice });
    const again = await verify(next.body.mfaToken, owner.app.nextCode());
    expect(again.body).not.toHaveProperty("knownDevice");
  });

  it("takes the code of any of the member's apps, or of the one that is named", async () => {
    const first = await enrolTotp(stack, await signUp(stack));
    const second = await enrolTotp(stack, first);
    await signInWithTotp(stack, second);
    await signInWithTotp(stack, first);
    const mfaToken = await askForMfaToken(stack, second);
    const wrongApp = await verify(mfaToken, first.app.nextCode(), second.app.factorId);
    expect(wrongApp).toMatchObject(problemAnswer("invalid-code"));
  });

  it("the whole way costs four calls warm: charge, member; charge, commit", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    stack.advanceClock(30);
    await signInWithTotp(stack, owner);
    const code = owner.app.nextCode();
    let mfaToken = "";
    const password = await countCalls(stack, async () => {
      mfaToken = await askForMfaToken(stack, owner);
    });
    expect(password).toEqual({ dynamodb: 2, kms: 0 });
    expect(await countCalls(stack, () => verify(mfaToken, code))).toEqual({
      dynamodb: 2,
      kms: 0,
    });
  });
});

describe("400", () => {
  it.each(["", "12345", "1234567", "12345a", "０８１８０４", "é23456", null, 123456])(
    "for the code %j",
    async (code) => {
      const owner = await enrolTotp(stack, await signUp(stack));
      const mfaToken = await askForMfaToken(stack, owner);
      expect(await verify(mfaToken, code)).toMatchObject(problemAnswer("invalid-request"));
    },
  );
});

describe("401", () => {
  it("twenty parallel sign-ins with one code make one session", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const tokens: string[] = [];
    // As many password steps as go without a wait, each token used several times.
    for (let index = 0; index < 4; index++) tokens.push(await askForMfaToken(stack, owner));
    const code = owner.app.nextCode();
    const { fulfilled } = await race(20, (index) => verify(tokens[index % 4] ?? "", code));
    expect(fulfilled.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("a code is refused the second time, on record and by e-mail", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const [one, two] = [await askForMfaToken(stack, owner), await askForMfaToken(stack, owner)];
    const code = owner.app.nextCode();
    expect((await verify(one, code)).status).toBe(200);
    expect(await verify(two, code)).toMatchObject(problemAnswer("invalid-code"));
    await stack.settled();
    const event = stack
      .events()
      .findLast((candidate) => candidate["detail-type"] === "mfa.otp.replayed");
    expect(event?.detail).toMatchObject({
      manufacturerId: owner.manufacturerId,
      subjectId: owner.memberId,
      outcome: "failure",
    });
    const mail = stack.outbox().findLast(({ to }) => to.includes(owner.email));
    expect(mail?.subject).toBe("A code of yours was used twice");
  });

  it("an mfa token is refused once used, changed, expired or overtaken by a new password", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const used = await askForMfaToken(stack, owner);
    await verify(used, owner.app.nextCode());
    const overtaken = await askForMfaToken(stack, owner);
    const changed = await stack.http.post("/v1/auth/password/change", {
      body: { current: owner.password, new: "quiet otters in a boat" },
      token: owner.accessToken,
    });
    expect(changed.status).toBe(200);
    for (const token of [used, overtaken, `${overtaken.slice(0, -4)}AAAA`]) {
      expect(await verify(token, owner.app.nextCode())).toMatchObject(
        problemAnswer("invalid-mfa-token"),
      );
    }
    const expired = await askForMfaToken(stack, { ...owner, password: "quiet otters in a boat" });
    stack.advanceClock(301);
    expect(await verify(expired, owner.app.nextCode())).toMatchObject(
      problemAnswer("invalid-mfa-token"),
    );
  });
});

describe("403", () => {
  it("a factor whose hundredth wrong code this is is disabled, and the member told", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await setFailures(stack, owner, 99);
    const mfaToken = await askForMfaToken(stack, owner);
    expect(await verify(mfaToken, owner.app.wrongCode())).toMatchObject(
      problemAnswer("invalid-code"),
    );
    expect(await verify(mfaToken, owner.app.nextCode())).toMatchObject(
      problemAnswer("factor-disabled"),
    );
    await stack.settled();
    expect(stack.outbox().findLast(({ to }) => to.includes(owner.email))?.subject).toBe(
      "A second factor of yours is disabled",
    );
    const backup = await stack.http.post("/v1/auth/mfa/backup-code", {
      body: { mfaToken, code: owner.backupCodes[0] },
    });
    expect(backup.status).toBe(200);
  });
});

describe("429", () => {
  it("five wrong codes in a row after the right password are told to the member, once", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const { mfaToken } = (await startSignIn(owner)).body;
    const told = async () => {
      await stack.settled();
      return stack
        .outbox()
        .filter(({ to, subject }) => to.includes(owner.email) && subject?.includes("guessing"));
    };
    for (let count = 0; count < 4; count++) await verify(mfaToken, owner.app.wrongCode());
    expect(await told()).toHaveLength(0);
    await verify(mfaToken, owner.app.wrongCode());
    expect(await told()).toHaveLength(1);
    stack.advanceClock(31);
    await verify(mfaToken, owner.app.wrongCode());
    expect(await told()).toHaveLength(1);
  });

  it("somebody with the password cannot lock the member out of other factors or of a known device", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const stolen = { email: owner.email, password: owner.password };
    const attack = (await startSignIn(stolen)).body.mfaToken;
    const statuses = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      statuses.push((await verify(attack, owner.app.wrongCode())).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    for (let attempt = 0; attempt < 8; attempt++) await startSignIn(stolen);
    expect((await startSignIn(stolen)).status).toBe(429);
    const mfaToken = await askForMfaToken(stack, owner);
    const backup = await stack.http.post("/v1/auth/mfa/backup-code", {
      body: { mfaToken, code: owner.backupCodes[0] },
    });
    expect(backup.status).toBe(200);
  });
});
