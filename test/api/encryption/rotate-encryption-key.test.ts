import { describe, expect, test } from "vitest";
import { rotationsPerDay } from "../../../lib/encryption/rotation-budget.ts";
import { countCalls } from "../../support/count-calls.ts";
import { inviteMember, signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { setOfVersion } from "./spoil-keys.ts";

const stack = useStack({ environments: 2 });
const rotate = (token: string, query = "") =>
  stack.http.post(`/v1/encryption/keys/rotate${query}`, { token });

describe("200", () => {
  test("new data is sealed with the new version within 30 seconds, old data still opens", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    const encrypt = () => stack.http.post("/v1/encryption/encrypt", { body: { data: 1 }, token });
    const old = await encrypt();
    const { status, body } = await rotate(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ keyId: "envelope#000002", version: 2, state: "enabled" });
    stack.advanceClock(30);
    expect((await encrypt()).body.envelope.keyId).toBe("envelope#000002");
    const { envelope } = old.body;
    const opened = await stack.http.post("/v1/encryption/decrypt", { body: { envelope }, token });
    expect(opened).toMatchObject({ status: 200, body: { data: 1 } });
  });

  test("is recorded in the same transaction, by the id of the new version", async () => {
    const owner = await signUpWithFactor(stack);
    const { body } = await rotate(owner.accessToken, "?purpose=record");
    const audit = await stack.http.get("/v1/audit", { token: owner.accessToken });
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({
        action: "encryption.key.rotated",
        outcome: "success",
        actorId: owner.memberId,
        subjectId: body.keyId,
      }),
    );
  });

  test("a request that names the version it has seen rotates once, however often it is sent", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    const answers = await Promise.all([1, 2, 3].map(() => rotate(token, "?version=1")));
    expect(answers.map(({ body }) => body.version)).toEqual([2, 2, 2]);
    const audit = await stack.http.get("/v1/audit", { token });
    expect(
      audit.body.items.filter(
        ({ action }: { action: string }) => action === "encryption.key.rotated",
      ),
    ).toHaveLength(1);
  });
});

describe("400, 403", () => {
  test("an unknown purpose", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    expect(await rotate(accessToken, "?purpose=other")).toMatchObject(
      problemAnswer("invalid-request"),
    );
  });

  test("an editor does not rotate", async () => {
    const editor = await inviteMember(stack, await signUpWithFactor(stack), "editor");
    expect(await rotate(editor.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});

describe("409, 503", () => {
  test("a version in a state that no rotation leaves it in", async () => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack);
    await setOfVersion(stack, { manufacturerId, keyId: "envelope#000001" }, "state", "blocked");
    expect(await rotate(accessToken)).toMatchObject(problemAnswer("rotation-conflict"));
  });

  test("nothing is changed while other transactions hold the items", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    stack.faults({ service: "dynamodb", mode: "conflict", operation: "TransactWriteItems" });
    expect(await rotate(token)).toMatchObject(problemAnswer("contention"));
    stack.faults({ service: "dynamodb", mode: "none" });
    const { body } = await stack.http.get("/v1/encryption/keys", { token });
    expect(body.items).toHaveLength(2);
  });
});

describe("429", () => {
  test("a manufacturer rotates so many times a day, each session some more, and is told when it may again", async () => {
    const owner = await signUpWithFactor(stack);
    const { accessToken: token } = owner;
    const { ofManufacturer, ofSession } = rotationsPerDay;
    const last = ofManufacturer + ofSession + 1;
    for (let version = 2; version <= last; version += 1) {
      expect((await rotate(token)).body.version).toBe(version);
    }
    const answer = await rotate(token, "?purpose=record");
    expect(answer).toMatchObject(problemAnswer("too-many-rotations"));
    const midnightMs = new Date(stack.now()).setUTCHours(24, 0, 0, 0);
    expect(answer.headers.get("retry-after")).toBe(
      String(Math.ceil((midnightMs - stack.now()) / 1000)),
    );
    expect(await countCalls(stack, () => rotate(token))).toMatchObject({ kms: 0 });
    const revoke = (by: string) =>
      stack.http.post(`/v1/encryption/keys/${last}/revoke`, { token: by });
    expect(await revoke(token)).toMatchObject(problemAnswer("too-many-rotations"));
    const other = await signIn(stack, owner);
    expect((await revoke(other.accessToken)).status).toBe(200);
  });
});
