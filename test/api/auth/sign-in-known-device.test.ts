import { describe, expect, test } from "vitest";
import { leastCalls } from "../../support/count-calls.ts";
import { newEmail, password, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const wrong = "not the right password";
const someDevice = "A".repeat(43);
const post = (body: Record<string, unknown>) =>
  stack.http.post("/v1/auth/sign-in/known-device", { body });

describe("200", () => {
  test("a device that has signed in before signs in, and stays known by the same token", async () => {
    const { email, knownDevice } = await signUp(stack);
    const { status, body } = await post({ email, password, knownDevice });
    expect([status, body.knownDevice, body.acr]).toEqual([200, knownDevice, "aal1"]);
    const { status: taken } = await stack.http.get("/v1/auth/sessions", {
      token: body.accessToken,
    });
    expect(taken).toBe(200);
  });

  test("a second factor is asked for all the same", async () => {
    const { email, knownDevice } = await signUpWithFactor(stack);
    const { status, body } = await post({ email, password, knownDevice });
    expect([status, body.mfaRequired, body.accessToken]).toEqual([200, true, undefined]);
  });

  test("warm, it makes three calls to the database, and none to KMS", async () => {
    const { email, knownDevice } = await signUp(stack);
    await post({ email, password, knownDevice });
    const calls = await leastCalls(stack, () => post({ email, password, knownDevice }));
    expect(calls).toEqual({ dynamodb: 3, kms: 0 });
  });

  test("20 right ones of one device at the same moment all succeed", async () => {
    const { email, knownDevice } = await signUp(stack);
    const { fulfilled } = await race(20, () => post({ email, password, knownDevice }));
    expect(fulfilled.map(({ status, body }) => `${status} ${body.code ?? ""}`)).toEqual(
      Array.from({ length: 20 }, () => "200 "),
    );
  });
});

describe("400", () => {
  test("without the device's token this is no way in", async () => {
    const { email } = await signUp(stack);
    expect(await post({ email, password })).toMatchObject(
      problemAnswer("invalid-request", {
        errors: [{ pointer: "/body/knownDevice", code: expect.any(String) }],
      }),
    );
  });
});

describe("401", () => {
  test("a wrong password is told as everywhere, five times; then the device is as good as unknown", async () => {
    const { email, knownDevice } = await signUp(stack);
    for (let count = 0; count < 5; count++) {
      expect(await post({ email, password: wrong, knownDevice })).toMatchObject(
        problemAnswer("invalid-credentials"),
      );
    }
    stack.advanceClock(2);
    expect(await post({ email, password, knownDevice })).toMatchObject(
      problemAnswer("unknown-device"),
    );
    // The way for everybody forgives the device too.
    const { status } = await stack.http.post("/v1/auth/sign-in", {
      body: { email, password, knownDevice },
    });
    expect(status).toBe(200);
    expect((await post({ email, password, knownDevice })).status).toBe(200);
  });

  test("another one's device is unknown, and an address that nobody has is answered alike: in bytes, and after one call", async () => {
    const { email } = await signUp(stack);
    const { knownDevice } = await signUp(stack);
    const attempts = [
      { email, password, knownDevice },
      { email, password, knownDevice: someDevice },
      { email: newEmail(), password, knownDevice: someDevice },
    ];
    const [first, ...others] = await Promise.all(attempts.map(post));
    expect(first).toMatchObject(problemAnswer("unknown-device"));
    for (const answer of others)
      expect(withoutInstance(answer)).toEqual(withoutInstance(first as typeof answer));
    for (const attempt of attempts) {
      expect(await leastCalls(stack, () => post(attempt))).toEqual({ dynamodb: 1, kms: 0 });
    }
  });

  test("guesses with an invented device are charged to nobody", async () => {
    const { email } = await signUp(stack);
    for (let count = 0; count < 10; count++) {
      await post({ email, password: wrong, knownDevice: someDevice });
    }
    const { status } = await stack.http.post("/v1/auth/sign-in", { body: { email, password } });
    expect(status).toBe(200);
  });
});

describe("429", () => {
  test("while a device's attempts are under way and none succeeds, whoever waits for one is told so", async () => {
    const { email, knownDevice } = await signUp(stack);
    const { fulfilled } = await race(8, () => post({ email, password: wrong, knownDevice }));
    const compared = fulfilled.filter(({ body }) => body.code === "invalid-credentials");
    expect(compared).toHaveLength(5);
    for (const { body } of fulfilled) {
      expect(["invalid-credentials", "unknown-device", "too-many-attempts"]).toContain(body.code);
    }
  });
});
