import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, newEmail, signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const list = (token: string, cursor?: string) =>
  stack.http.get(`/v1/members${cursor ? `?cursor=${cursor}` : ""}`, { token });

const cursorOf = (position: unknown) => Buffer.from(JSON.stringify(position)).toString("base64url");

describe("200", () => {
  test("any member sees who else is one, and nobody of another manufacturer", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const viewer = await inviteMember(stack, owner, "viewer");
    const { body } = await list(viewer.accessToken);
    expect(body.items.map(({ memberId }: { memberId: string }) => memberId).sort()).toEqual(
      [owner.memberId, viewer.memberId].sort(),
    );
    expect(JSON.stringify(body)).not.toContain(stranger.memberId);
    expect(JSON.stringify(body)).not.toMatch(/emailHash|argon2/);
  });

  test("pages are complete and without repeats", async () => {
    let owner: SignedInMember = await signUpWithFactor(stack);
    for (let count = 0; count < 60; count++) {
      // An hour has 30 invitations.
      if (count === 30) {
        stack.advanceClock(3_600);
        owner = await signIn(stack, owner);
      }
      const { status } = await stack.http.post("/v1/members", {
        token: owner.accessToken,
        body: { name: `Member ${count}`, email: newEmail(), role: "viewer" },
      });
      expect(status).toBe(201);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list(owner.accessToken, cursor);
      seen.push(...body.items.map(({ memberId }: { memberId: string }) => memberId));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(61);
    expect(new Set(seen).size).toBe(61);
  });

  test("another manufacturer's cursor shows one's own members only", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const { body } = await list(owner.accessToken, cursorOf({ memberId: stranger.memberId }));
    expect(JSON.stringify(body)).not.toContain(stranger.memberId);
  });

  test("warm, it costs one query", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    await list(accessToken);
    expect(await countCalls(stack, () => list(accessToken))).toEqual({ dynamodb: 1, kms: 0 });
  });
});

describe("400", () => {
  test.each(["%%%", "e30", cursorOf({ memberId: 5 }), cursorOf(null)])(
    "a cursor that was never issued is refused: %s",
    async (cursor) => {
      const { accessToken } = await signUpWithFactor(stack);
      expect(await list(accessToken, encodeURIComponent(cursor))).toMatchObject(
        problemAnswer("invalid-request", {
          errors: [{ pointer: "/query/cursor", code: "invalid-format" }],
        }),
      );
    },
  );
});
