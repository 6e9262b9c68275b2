import { beforeAll, describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { setOfVersion } from "./spoil-keys.ts";

const stack = useStack();
const data = { licence: "L-4711", "umlaut ä": ["𝒜", null, 1e-7, { deep: true }] };

let owner: SignedInMember;
let envelope: Record<string, unknown>;
beforeAll(async () => {
  owner = await signUpWithFactor(stack);
  envelope = await seal(owner);
});

async function seal(member: SignedInMember): Promise<Record<string, unknown>> {
  const request = { body: { data, context }, token: member.accessToken };
  return (await stack.http.post("/v1/encryption/encrypt", request)).body.envelope;
}
const context = { order: "1" };
const decrypt = (sealed: unknown, token = owner.accessToken, given: unknown = context) =>
  stack.http.post("/v1/encryption/decrypt", { body: { envelope: sealed, context: given }, token });

/** The newest records of refused envelopes. */
async function refusals(): Promise<{ details: { code: string }; actorId: string }[]> {
  const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
  return body.items.filter(({ action }: { action: string }) => /envelope.refused$/.test(action));
}

describe("200", () => {
  test("gives the value back, whoever of the manufacturer asks and whatever environment answers", async () => {
    const editor = await inviteMember(stack, owner, "editor");
    stack.coldStart();
    expect(await decrypt(envelope, editor.accessToken)).toMatchObject({
      status: 200,
      body: { data },
    });
  });

  test("warm, it costs the charge alone; after 30 seconds one read and one record more", async () => {
    const member = await signUpWithFactor(stack);
    const sealed = await seal(member);
    stack.coldStart();
    const run = () => decrypt(sealed, member.accessToken);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 7, kms: 1 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 1, kms: 0 });
    stack.advanceClock(30);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 3, kms: 0 });
  });
});

test("a manufacturer whose calls are used up still gets its data back", async () => {
  const member = await signUpWithFactor(stack);
  const sealed = await seal(member);
  const spend = { body: { amount: 999 }, token: member.accessToken };
  expect((await stack.http.post("/v1/usage/api_calls/increments", spend)).status).toBe(200);
  const refused = await stack.http.post("/v1/encryption/encrypt", {
    body: { data },
    token: member.accessToken,
  });
  expect([refused.status, refused.body.code]).toEqual([429, "quota-exceeded"]);
  expect((await decrypt(sealed, member.accessToken)).status).toBe(200);
});

describe("403", () => {
  test("another manufacturer is refused, at the price of the charge and one record, and it is recorded", async () => {
    const stranger = await signUpWithFactor(stack);
    await decrypt(envelope, stranger.accessToken);
    const run = () => decrypt(envelope, stranger.accessToken);
    expect(await run()).toMatchObject(problemAnswer("tenant-mismatch"));
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
    const { body } = await stack.http.get("/v1/audit", { token: stranger.accessToken });
    expect(body.items).toContainEqual(
      expect.objectContaining({
        action: "encryption.envelope.refused",
        outcome: "failure",
        actorId: stranger.memberId,
        details: { code: "tenant-mismatch" },
      }),
    );
  });

  test("an envelope that claims to be ours is not: the commitment tells", async () => {
    const stranger = await signUpWithFactor(stack);
    const forged = { ...envelope, manufacturerId: stranger.manufacturerId };
    expect(await decrypt(forged, stranger.accessToken)).toMatchObject(
      problemAnswer("commitment-mismatch"),
    );
  });

  test("a viewer does not open", async () => {
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await decrypt(envelope, viewer.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});

describe("404, 409", () => {
  test("a key version that was never made, and one that is no longer in use", async () => {
    const member = await signUpWithFactor(stack);
    const sealed = await seal(member);
    expect(
      await decrypt({ ...sealed, keyId: "envelope#000009" }, member.accessToken),
    ).toMatchObject(problemAnswer("key-version-unknown"));
    stack.coldStart();
    const version = { manufacturerId: member.manufacturerId, keyId: "envelope#000001" };
    await setOfVersion(stack, version, "state", "blocked");
    expect(await decrypt(sealed, member.accessToken)).toMatchObject(
      problemAnswer("key-version-retired"),
    );
  });
});

describe("422", () => {
  test.each([
    ["timestamp", "2026-11-24T00:00:00.000Z"],
    ["context", { order: "2" }],
    ["region", "eu-central-2"],
  ])("a changed %s is noticed, and recorded", async (field, value) => {
    const before = (await refusals()).length;
    const answer = await decrypt({ ...envelope, [field]: value });
    expect(answer).toMatchObject(
      problemAnswer(field === "region" ? "residency-violation" : "commitment-mismatch"),
    );
    expect(await refusals()).toHaveLength(before + 1);
  });

  test.each([[undefined], [{}], [{ order: "2" }], [{ ...context, more: "1" }]])(
    "the context %j is not the one it was sealed with, which is noticed, and recorded",
    async (given) => {
      const before = (await refusals()).length;
      const body = { envelope, ...(given && { context: given }) };
      const answer = await stack.http.post("/v1/encryption/decrypt", {
        body,
        token: owner.accessToken,
      });
      expect(answer).toMatchObject(problemAnswer("commitment-mismatch"));
      expect(await refusals()).toHaveLength(before + 1);
    },
  );

  test("changed bytes are noticed, and recorded", async () => {
    const other = await seal(owner);
    const answer = await decrypt({ ...envelope, ciphertext: other["ciphertext"] });
    expect(answer).toMatchObject(problemAnswer("ciphertext-tampered"));
    expect((await refusals()).map(({ details }) => details.code)).toContain("ciphertext-tampered");
  });

  test("a member cannot fill the trail: of 45 forged envelopes 21 are on record, the last with their number", async () => {
    const member = await signUpWithFactor(stack);
    const sealed = { ...(await seal(member)), timestamp: "2026-11-24T00:00:00.000Z" };
    stack.coldStart();
    for (let n = 0; n < 45; n += 1) {
      expect(await decrypt(sealed, member.accessToken)).toMatchObject(
        problemAnswer("commitment-mismatch"),
      );
    }
    const path = "/v1/audit?action=encryption.envelope.refused";
    const { body } = await stack.http.get(path, { token: member.accessToken });
    const details = body.items.map((record: { details: object }) => record.details);
    const inFull = { code: "commitment-mismatch" };
    expect(details).toEqual([
      { ...inFull, refusals: 40 },
      ...Array.from({ length: 20 }, () => inFull),
    ]);
  });

  test("what is no envelope is told where it is wrong; nobody is suspected of anything", async () => {
    const before = (await refusals()).length;
    const answer = await decrypt({ ...envelope, iv: "short", extra: 1 });
    expect(answer).toMatchObject(problemAnswer("envelope-malformed"));
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: "/iv" }));
    expect(await decrypt("text")).toMatchObject(problemAnswer("envelope-malformed"));
    expect(await refusals()).toHaveLength(before);
  });
});
