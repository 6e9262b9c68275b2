import { hash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const context = { order: "4711" };

let owner: SignedInMember;
let envelope: Record<string, string>;
beforeEach(async () => {
  owner = await signUpWithFactor(stack);
  const request = { body: { data: 1, context }, token: owner.accessToken };
  envelope = (await stack.http.post("/v1/encryption/encrypt", request)).body.envelope;
});

const open = (token = owner.accessToken, sealed: unknown = envelope) =>
  stack.http.post("/v1/encryption/decrypt", { body: { envelope: sealed, context }, token });

interface OpeningRecord {
  readonly actorId: string;
  readonly subjectId: string;
  readonly outcome: string;
  readonly details: { openings: number; since?: string; contexts: string[]; commitment?: string };
}

/** Oldest first. */
async function openings(): Promise<OpeningRecord[]> {
  const path = "/v1/audit?action=encryption.envelope.opened";
  const { body } = await stack.http.get(path, { token: owner.accessToken });
  return body.items.toReversed();
}

/** Two texts, each after its length in 32 bits: the canonical form of a context of one pair. */
const digest = hash(
  "sha256",
  Buffer.concat([
    Buffer.from([0, 0, 0, 13]),
    Buffer.from("context.order"),
    Buffer.from([0, 0, 0, 4]),
    Buffer.from("4711"),
  ]),
  "base64url",
);

const beStrict = async () => {
  const request = { body: { openings: "strict" }, token: owner.accessToken };
  expect((await stack.http.put("/v1/encryption/settings", request)).status).toBe(200);
  stack.advanceClock(30);
};

describe("counted, as long as nobody asks for more", () => {
  test("a first opening is on record before its answer: who, with which key version, in which context", async () => {
    await open();
    expect(await openings()).toMatchObject([
      {
        actorId: owner.memberId,
        subjectId: "envelope#000001",
        outcome: "success",
        details: { openings: 1, contexts: [`${digest}:1`] },
      },
    ]);
  });

  test("more of them cost no call for ten seconds, and are then on record as one count", async () => {
    await open();
    for (let n = 0; n < 3; n += 1) {
      expect(await countCalls(stack, () => open())).toEqual({ dynamodb: 1, kms: 0 });
    }
    expect(await openings()).toHaveLength(1);
    stack.advanceClock(10);
    expect(await countCalls(stack, () => open())).toEqual({ dynamodb: 2, kms: 0 });
    const [, counted] = await openings();
    expect(counted?.details).toMatchObject({ openings: 4, contexts: [`${digest}:4`] });
  });

  test("a second member's opening is on record at once", async () => {
    const editor = await inviteMember(stack, owner, "editor");
    await open();
    await open(editor.accessToken);
    expect((await openings()).map(({ actorId }) => actorId)).toEqual([
      owner.memberId,
      editor.memberId,
    ]);
  });

  test("opens while the trail cannot be written, and writes it afterwards, once", async () => {
    await open();
    stack.advanceClock(10);
    stack.faults({ service: "dynamodb", mode: "lose-response", rate: 1, operation: "PutItem" });
    expect((await open()).status).toBe(200);
    stack.faults({ service: "dynamodb", mode: "error", rate: 1, operation: "PutItem" });
    stack.advanceClock(10);
    expect((await open()).status).toBe(200);
    stack.faults({ service: "dynamodb", mode: "none" });
    stack.advanceClock(10);
    await open();
    const counts = (await openings()).map(({ details }) => details.openings);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });
});

describe("strict", () => {
  test("each opening is on record before its answer, with the envelope's own commitment", async () => {
    await beStrict();
    await open();
    expect(await countCalls(stack, () => open())).toEqual({ dynamodb: 2, kms: 0 });
    const record = {
      actorId: owner.memberId,
      details: { openings: 1, contexts: [`${digest}:1`], commitment: envelope["commitment"] },
    };
    expect(await openings()).toMatchObject([record, record]);
  });

  test("nothing is opened that cannot be recorded", async () => {
    await beStrict();
    await open();
    stack.faults({ service: "dynamodb", mode: "error", rate: 1, operation: "PutItem" });
    const refused = await open();
    expect(refused).toMatchObject(problemAnswer("unavailable"));
    expect(refused.body).not.toHaveProperty("data");
    stack.faults({ service: "dynamodb", mode: "none" });
    expect((await open()).status).toBe(200);
    expect(await openings()).toHaveLength(2);
  });

  test("reaches an environment with warm keys within 30 seconds", async () => {
    await open();
    await beStrict();
    await open();
    await open();
    expect((await openings()).map(({ details }) => details.commitment !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });
});

test("what is refused is no opening, and moving an envelope shows nobody what is in it", async () => {
  await open(owner.accessToken, { ...envelope, timestamp: "2026-11-24T00:00:00.000Z" });
  await stack.http.post("/v1/encryption/re-encrypt", {
    body: { envelope, context },
    token: owner.accessToken,
  });
  expect(await openings()).toEqual([]);
});
