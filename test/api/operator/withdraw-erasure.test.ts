import { beforeEach, describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const sevenDaysSeconds = 7 * 86_400;

let credentials: SignedInMember | undefined;
let token: string;
beforeEach(async () => {
  credentials ??= await createFirstOperator(stack);
  // Tests here move the clock past the life of a token.
  token = (await signIn(stack, { email: credentials.email, password: credentials.password }))
    .accessToken;
});
const path = (id: string) => `/v1/operator/manufacturers/${id}/erase`;
const erase = (id: string) =>
  stack.http.post(path(id), { body: { confirm: "Rohrwerk Keller GmbH" }, token });
const withdraw = (id: string) => stack.http.delete(path(id), { token });

describe("204", () => {
  test("everything opens again, members sign in again, and a later run destroys nothing", async () => {
    const owner = await signUpWithFactor(stack);
    const sealed = await stack.http.post("/v1/encryption/encrypt", {
      body: { data: "kept" },
      token: owner.accessToken,
    });
    await erase(owner.manufacturerId);
    await stack.settled();
    expect((await withdraw(owner.manufacturerId)).status).toBe(204);
    await stack.settled();
    stack.advanceClock(sevenDaysSeconds);
    await stack.invoke("shredErasedManufacturers", {});
    const again = await signIn(stack, { email: owner.email, password: owner.password });
    const { envelope } = sealed.body;
    const opened = await stack.http.post("/v1/encryption/decrypt", {
      body: { envelope },
      token: again.accessToken,
    });
    expect(opened).toMatchObject({ status: 200, body: { data: "kept" } });
  });
});

describe("204 after the date", () => {
  test("an erasure can be called off until something is destroyed", async () => {
    const { manufacturerId } = await signUp(stack);
    await erase(manufacturerId);
    stack.advanceClock(sevenDaysSeconds + 60);
    token = (
      await signIn(stack, {
        email: credentials?.email ?? "",
        password: credentials?.password ?? "",
      })
    ).accessToken;
    expect((await withdraw(manufacturerId)).status).toBe(204);
    expect(await stack.invoke("shredErasedManufacturers", {})).toMatchObject({ erased: 0 });
  });
});

describe("404, 409, 410", () => {
  test("an unknown manufacturer, one that nobody erases, and one that is gone", async () => {
    expect(await withdraw("mfr_0000000000000000000000")).toMatchObject(problemAnswer("not-found"));
    const { manufacturerId } = await signUp(stack);
    expect(await withdraw(manufacturerId)).toMatchObject(problemAnswer("erasure-not-pending"));
    await erase(manufacturerId);
    stack.advanceClock(sevenDaysSeconds - 60);
    await stack.invoke("shredErasedManufacturers", {});
    stack.advanceClock(60);
    await stack.invoke("shredErasedManufacturers", {});
    const operator = await signIn(stack, {
      email: credentials?.email ?? "",
      password: credentials?.password ?? "",
    });
    token = operator.accessToken;
    expect(await withdraw(manufacturerId)).toMatchObject(problemAnswer("key-destroyed"));
  });
});
