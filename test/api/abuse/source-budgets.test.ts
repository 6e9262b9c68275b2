import { describe, expect, test } from "vitest";
import type { PostFrom } from "../../support/client-from.ts";
import { clientFrom, newSource } from "../../support/client-from.ts";
import { countCalls } from "../../support/count-calls.ts";
import { newEmail, password, signUp, signUpRequest } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack({ sourceBudgetFactor: 1 });
const wrong = "not the right password";

const token = "A".repeat(43);

/** Follows links that nobody was sent: the guess that costs this machine the least. */
async function spendAll(send: PostFrom): Promise<void> {
  for (let count = 0; count < 120; count++) {
    await send("/v1/invitations/accept", { token, password });
  }
}

describe("guesses at many addresses from one source", () => {
  test("120 in ten minutes are compared, the next is refused and told to wait, and other sources are not", async () => {
    const { email } = await signUp(stack);
    const guess = clientFrom(stack, newSource());
    const statuses: number[] = [];
    for (let count = 0; count < 130; count++) {
      const { status } = await guess("/v1/auth/sign-in", { email: newEmail(), password: wrong });
      statuses.push(status);
    }
    const compared = statuses.filter((status) => status === 401).length;
    expect(compared).toBeGreaterThanOrEqual(118);
    expect(compared).toBeLessThanOrEqual(120);
    const refused = await guess("/v1/auth/sign-in", { email, password });
    expect(refused).toMatchObject({ status: 429, body: { code: "too-many-requests" } });
    expect(refused.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(600);
    expect(refused.body.retryAfterSeconds).toBe(refused.retryAfterSeconds);

    const elsewhere = clientFrom(stack, newSource());
    expect((await elsewhere("/v1/auth/sign-in", { email, password })).status).toBe(200);
    stack.advanceClock(refused.retryAfterSeconds);
    expect((await guess("/v1/auth/sign-in", { email, password })).status).toBe(200);
  });
});

describe("a source that has spent its budget", () => {
  test("keeps nobody out who signs in from a device that has signed in before", async () => {
    const { email, knownDevice } = await signUp(stack);
    const send = clientFrom(stack, newSource());
    await spendAll(send);
    // Two guesses are what an environment of a function gives unasked.
    for (let count = 0; count < 3; count++) {
      await send("/v1/auth/sign-in", { email: newEmail(), password: wrong });
    }
    expect((await send("/v1/auth/sign-in", { email, password })).status).toBe(429);
    const signIn = { email, password, knownDevice };
    expect((await send("/v1/auth/sign-in/known-device", signIn)).status).toBe(200);
  });

  test("is refused without a call to the database, by each operation that spends it", async () => {
    const send = clientFrom(stack, newSource());
    const requests = [
      ["/v1/auth/sign-in", { email: newEmail(), password: wrong }],
      ["/v1/auth/email/verify", { token, password }],
      ["/v1/invitations/accept", { token, password }],
      ["/v1/auth/password/reset", { token, password }],
      ["/v1/manufacturers", signUpRequest(newEmail())],
    ] as const;
    await spendAll(send);
    // Ten requests, or two guesses, are what an environment of a function gives unasked.
    for (const [path, body] of requests) {
      for (let count = 0; count < 11; count++) await send(path, body);
    }
    const calls = await countCalls(stack, async () => {
      for (const [path, body] of requests) {
        expect(await send(path, body)).toMatchObject({
          status: 429,
          body: { code: "too-many-requests" },
        });
      }
    });
    expect(calls.dynamodb).toBe(0);
  });

  test("gets no more reset links after 60 in an hour", async () => {
    const send = clientFrom(stack, newSource());
    const statuses: number[] = [];
    for (let count = 0; count < 61; count++) {
      statuses.push((await send("/v1/auth/password/forgot", { email: newEmail() })).status);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(60);
    expect(statuses.at(-1)).toBe(429);
  });
});

test("an honest sign-in asks the database three times, as if there were no budget", async () => {
  const { email } = await signUp(stack);
  const send = clientFrom(stack, newSource());
  await send("/v1/auth/sign-in", { email, password });
  const calls = await countCalls(stack, () => send("/v1/auth/sign-in", { email, password }));
  expect(calls).toEqual({ dynamodb: 3, kms: 0 });
});
