import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { inviteMember, sendInvitation, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const change = (token: string, memberId: string, role: string) =>
  stack.http.patch(`/v1/members/${memberId}`, { token, body: { role } });

describe("200", () => {
  test("the new role counts for the next access", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await enrolTotp(stack, await inviteMember(stack, owner, "viewer"));
    expect(await change(owner.accessToken, viewer.memberId, "admin")).toMatchObject({
      status: 200,
      body: { memberId: viewer.memberId, roles: ["admin"] },
    });
    const invited = await stack.http.post("/v1/members", {
      token: viewer.accessToken,
      body: { name: "Ada", email: `ada-${viewer.email}`, role: "viewer" },
    });
    expect(invited.status).toBe(201);
  });

  test("the same role again is no change and no record", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.settled();
    const before = stack.events().length;
    expect((await change(owner.accessToken, viewer.memberId, "viewer")).status).toBe(200);
    await stack.settled();
    expect(stack.events()).toHaveLength(before);
  });

  test("an owner may step down once there is another", async () => {
    const owner = await signUpWithFactor(stack);
    const second = await inviteMember(stack, owner, "owner");
    expect((await change(owner.accessToken, owner.memberId, "viewer")).status).toBe(200);
    expect(await change(second.accessToken, second.memberId, "viewer")).toMatchObject(
      problemAnswer("last-owner"),
    );
  });

  test("warm, it costs a fresh look at the caller, a read and one transaction", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await change(owner.accessToken, viewer.memberId, "editor");
    const run = () => change(owner.accessToken, viewer.memberId, "viewer");
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 3, kms: 0 });
  });
});

describe("403", () => {
  test("an admin neither makes an owner nor unmakes one", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await change(admin.accessToken, admin.memberId, "owner")).toMatchObject(
      problemAnswer("role-above-own"),
    );
    expect(await change(admin.accessToken, owner.memberId, "viewer")).toMatchObject(
      problemAnswer("role-above-own"),
    );
  });
});

describe("404", () => {
  test("a foreign, a removed and an absent member are the same", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const { memberId: removed } = await sendInvitation(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${removed}`, { token: owner.accessToken });
    const answers = await Promise.all(
      [stranger.memberId, removed, `mem_${"A".repeat(22)}`].map((memberId) =>
        change(owner.accessToken, memberId, "editor"),
      ),
    );
    expect(answers[0]).toMatchObject(problemAnswer("not-found"));
    expect(new Set(answers.map((answer) => JSON.stringify(withoutInstance(answer)))).size).toBe(1);
  });
});

describe("409", () => {
  test("the last owner stays one", async () => {
    const owner = await signUpWithFactor(stack);
    const { memberId } = await sendInvitation(stack, owner, "owner");
    expect(await change(owner.accessToken, owner.memberId, "admin")).toMatchObject(
      problemAnswer("last-owner"),
    );
    expect((await change(owner.accessToken, memberId, "viewer")).status).toBe(200);
  });
});
