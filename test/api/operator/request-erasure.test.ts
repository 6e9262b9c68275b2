import { beforeAll, describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { createFirstOperator, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const legalName = "Rohrwerk Keller GmbH";
const dayMs = 24 * 3_600_000;

let operator: SignedInMember;
beforeAll(async () => {
  operator = await createFirstOperator(stack);
});
const erase = (id: string, confirm: unknown, token = operator.accessToken) =>
  stack.http.post(`/v1/operator/manufacturers/${id}/erase`, { body: { confirm }, token });

describe("202", () => {
  test("blocks the keys within 30 seconds, answers seven days, and the same when asked again", async () => {
    const { accessToken: token, manufacturerId } = await signUpWithFactor(stack);
    const encrypt = () => stack.http.post("/v1/encryption/encrypt", { body: { data: 1 }, token });
    const { envelope } = (await encrypt()).body;
    const decrypt = () => stack.http.post("/v1/encryption/decrypt", { body: { envelope }, token });
    expect((await decrypt()).status).toBe(200);
    const first = await erase(manufacturerId, legalName);
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ manufacturerId, status: "erasure-pending" });
    const { keysBlockedAt, eraseAfter } = first.body;
    expect(Date.parse(eraseAfter) - Date.parse(keysBlockedAt)).toBe(7 * dayMs - 30_000);
    stack.advanceClock(30);
    // Both functions have the member's access in their caches yet; the keys are not cached as long.
    expect(await encrypt()).toMatchObject(problemAnswer("erasure-pending"));
    expect(await decrypt()).toMatchObject(problemAnswer("erasure-pending"));
    expect((await erase(manufacturerId, legalName)).body).toEqual(first.body);
  });

  test("is recorded in the manufacturer's trail, once, by the operator's id", async () => {
    const { manufacturerId } = await signUp(stack);
    await erase(manufacturerId, legalName);
    await erase(manufacturerId, legalName);
    await stack.settled();
    const scheduled = stack
      .events()
      .map(({ detail }) => detail as Record<string, unknown>)
      .filter(
        ({ action, subjectId }) =>
          action === "operator.manufacturer.erasure-scheduled" && subjectId === manufacturerId,
      );
    expect(scheduled).toMatchObject([{ manufacturerId, actorId: operator.memberId }]);
  });
});

describe("400, 403, 404, 422", () => {
  test("the platform itself cannot be named", async () => {
    expect(await erase("platform", "Platform")).toMatchObject(problemAnswer("invalid-request"));
  });

  test("an owner does not erase, not even their own manufacturer", async () => {
    const { accessToken, manufacturerId } = await signUp(stack);
    expect(await erase(manufacturerId, legalName, accessToken)).toMatchObject(
      problemAnswer("forbidden"),
    );
  });

  test("an unknown manufacturer", async () => {
    expect(await erase("mfr_0000000000000000000000", legalName)).toMatchObject(
      problemAnswer("not-found"),
    );
  });

  test("nothing happens unless the name is confirmed letter by letter", async () => {
    const { accessToken: token, manufacturerId } = await signUpWithFactor(stack);
    for (const confirm of ["", "rohrwerk keller gmbh", `${legalName} `]) {
      expect(await erase(manufacturerId, confirm)).toMatchObject(
        problemAnswer("confirmation-mismatch"),
      );
    }
    stack.advanceClock(30);
    const sealed = await stack.http.post("/v1/encryption/encrypt", { body: { data: 1 }, token });
    expect(sealed.status).toBe(200);
  });
});
