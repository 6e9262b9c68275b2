import { expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, inviteMember, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const authorize = (headers: Record<string, string>) =>
  stack.invoke("authorizeRequest", { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("a good token opens the route behind it, and tells it who calls in scalars", async () => {
  const owner = await signUp(stack);
  const viewer = await inviteMember(stack, owner, "viewer");
  const claims = claimsOf(viewer.accessToken);
  expect(await authorize(bearer(viewer.accessToken))).toEqual({
    isAuthorized: true,
    context: {
      memberId: viewer.memberId,
      manufacturerId: owner.manufacturerId,
      sessionId: claims["sid"],
      roles: "viewer",
      acr: "aal1",
      amr: "pwd",
      authTimeMs: Number(claims["auth_time"]) * 1000,
    },
  });
});

test("no token, another scheme and an ended session open nothing", async () => {
  const owner = await signUp(stack);
  await stack.http.post("/v1/auth/sign-out", { token: owner.accessToken });
  stack.advanceClock(60);
  for (const headers of [{}, { authorization: "Basic dTpw" }, bearer(owner.accessToken)]) {
    expect(await authorize(headers as Record<string, string>)).toEqual({
      isAuthorized: false,
      context: {},
    });
  }
});

test("a session of one factor opens nothing where the manufacturer demands two", async () => {
  const owner = await signUpWithFactor(stack);
  const viewer = await inviteMember(stack, owner, "viewer");
  await stack.http.put("/v1/mfa/policy", {
    body: { requiredFor: ["viewer"] },
    token: owner.accessToken,
  });
  stack.advanceClock(61);
  expect(await authorize(bearer(viewer.accessToken))).toEqual({ isAuthorized: false, context: {} });
  const enrolled = await enrolTotp(stack, viewer);
  expect(await authorize(bearer(enrolled.accessToken))).toMatchObject({
    isAuthorized: true,
    context: { memberId: viewer.memberId, acr: "aal2" },
  });
});

test("an outage is thrown: it lets nobody in and calls no good token bad", async () => {
  const { accessToken } = await signUp(stack);
  stack.coldStart();
  stack.faults({ service: "dynamodb", mode: "error" });
  await expect(authorize(bearer(accessToken))).rejects.toThrow();
});

test("warm, it costs no call", async () => {
  const { accessToken } = await signUp(stack);
  const run = () => authorize(bearer(accessToken));
  stack.coldStart();
  expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
  expect(await countCalls(stack, run)).toEqual({ dynamodb: 0, kms: 0 });
});
