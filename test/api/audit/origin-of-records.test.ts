import { expect, test } from "vitest";
import {
  createFirstOperator,
  password,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

async function recordOf(token: string, action: string) {
  const { body } = await stack.http.get(`/v1/audit?action=${action}`, { token });
  return body.items[0];
}

test("a record says from which address and with what client, whatever the client claims about its address", async () => {
  const owner = await signUp(stack);
  const { body: tokens } = await stack.http.post("/v1/auth/sign-in", {
    body: { email: owner.email, password },
    headers: {
      "user-agent": "Workshop tablet",
      "x-forwarded-for": "203.0.113.9",
      forwarded: "for=203.0.113.9",
      "x-real-ip": "203.0.113.9",
    },
  });
  const origin = {
    actorId: owner.memberId,
    actorKind: "member",
    sourceAddress: "127.0.0.1",
    userAgent: "Workshop tablet",
  };
  expect(await recordOf(tokens.accessToken, "auth.session.started")).toMatchObject(origin);
  await stack.settled();
  const events = stack.events().map(({ detail }) => detail);
  expect(events).toContainEqual(expect.objectContaining(origin));
});

test("a refusal is on record with its source, and with no actor where nobody proved who they are", async () => {
  const owner = await signUp(stack);
  await stack.http.post("/v1/auth/sign-in", {
    body: { email: owner.email, password: "not the password" },
    headers: { "user-agent": "Guesser/1" },
  });
  const record = await recordOf(owner.accessToken, "auth.password.refused");
  expect(record).toMatchObject({
    actorKind: "anonymous",
    outcome: "failure",
    sourceAddress: "127.0.0.1",
    userAgent: "Guesser/1",
  });
  expect(record).not.toHaveProperty("actorId");
});

test("what an operator does to a manufacturer is on the manufacturer's record as an operator's", async () => {
  const operator = await createFirstOperator(stack);
  const owner = await signUpWithFactor(stack);
  const { accessToken: token } = await signIn(stack, operator);
  const { status } = await stack.http.put(
    `/v1/operator/manufacturers/${owner.manufacturerId}/tier`,
    { token, body: { tier: "professional" }, headers: { "user-agent": "Back office" } },
  );
  expect(status).toBe(200);
  expect(await recordOf(owner.accessToken, "usage.tier.changed")).toMatchObject({
    actorId: operator.memberId,
    actorKind: "operator",
    sourceAddress: "127.0.0.1",
    userAgent: "Back office",
  });
});

test("what the platform does by itself is on record as the system's, without a source", async () => {
  const { accessToken: token } = await signUp(stack);
  const headers = { "idempotency-key": "the-eighty" };
  const request = { token, headers, body: { amount: 80 } };
  const { status } = await stack.http.post("/v1/usage/product_uploads/increments", request);
  expect(status).toBe(200);
  await stack.settled();
  const record = await recordOf(token, "usage.threshold.reached");
  expect(record).toMatchObject({ actorKind: "system" });
  expect(record).not.toHaveProperty("sourceAddress");
  expect(record).not.toHaveProperty("userAgent");
});
