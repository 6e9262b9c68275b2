import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, inviteMember, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const validate = (token: string) =>
  stack.http.post("/v1/auth/tokens/validate", { body: { token } });

describe("200", () => {
  test("a good token is told with what it says", async () => {
    const owner = await signUp(stack);
    const { body } = await validate(owner.accessToken);
    expect(body).toEqual({
      valid: true,
      claims: {
        memberId: owner.memberId,
        manufacturerId: owner.manufacturerId,
        sessionId: claimsOf(owner.accessToken)["sid"],
        roles: ["owner"],
        acr: "aal1",
        amr: ["pwd"],
        authTime: expect.stringMatching(/Z$/),
        expiresAt: new Date(Number(claimsOf(owner.accessToken)["exp"]) * 1000).toISOString(),
      },
    });
  });

  test("an expired token, and one whose session has ended, are told as such", async () => {
    const owner = await signUp(stack);
    await stack.http.post("/v1/auth/sign-out", { token: owner.accessToken });
    stack.advanceClock(60);
    expect((await validate(owner.accessToken)).body).toEqual({
      valid: false,
      reason: "session-ended",
    });
    stack.advanceClock(600);
    expect((await validate(owner.accessToken)).body).toEqual({ valid: false, reason: "expired" });
  });

  test("a session of one factor is not good where the manufacturer demands two", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.put("/v1/mfa/policy", {
      body: { requiredFor: ["viewer"] },
      token: owner.accessToken,
    });
    stack.advanceClock(61);
    expect((await validate(viewer.accessToken)).body).toEqual({
      valid: false,
      reason: "insufficient-authentication",
    });
    const enrolled = await enrolTotp(stack, viewer);
    expect((await validate(enrolled.accessToken)).body).toMatchObject({ valid: true });
  });

  test("warm, it costs no call at all; cold, the keys and the access item", async () => {
    const { accessToken } = await signUp(stack);
    stack.coldStart();
    const run = () => validate(accessToken);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 0, kms: 0 });
    stack.advanceClock(61);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
  });

  test("unknown key ids cost one look at the table in five seconds, so that nobody drives us to it", async () => {
    // Another test may have used up the one look in five seconds.
    stack.advanceClock(6);
    const { accessToken } = await signUp(stack);
    await validate(accessToken);
    const [, payload, signature] = accessToken.split(".");
    const header = Buffer.from('{"alg":"ES256","typ":"at+jwt","kid":"key_x"}').toString(
      "base64url",
    );
    const run = () => validate(`${header}.${payload}.${signature}`);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 1, kms: 0 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 0, kms: 0 });
  });
});

describe("400", () => {
  test("no token at all is a malformed request", async () => {
    expect(await validate("")).toMatchObject(problemAnswer("invalid-request"));
  });
});

describe("503", () => {
  test("an outage is neither a good token nor a bad one", async () => {
    const { accessToken } = await signUp(stack);
    stack.coldStart();
    stack.faults({ service: "dynamodb", mode: "error" });
    expect(await validate(accessToken)).toMatchObject(problemAnswer("unavailable"));
  });
});
