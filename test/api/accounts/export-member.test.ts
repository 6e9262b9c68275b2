import { describe, expect, test } from "vitest";
import { inviteMember, signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const exportOwn = (token: string) => stack.http.get("/v1/members/me/export", { token });

describe("200", () => {
  test("a member of any role gets what is held about them, and nothing about others", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await signIn(stack, { email: viewer.email, password: viewer.password });
    const { status, body } = await exportOwn(viewer.accessToken);
    expect(status).toBe(200);
    expect(body.member).toMatchObject({
      memberId: viewer.memberId,
      email: viewer.email,
      name: "Jonas Weber",
      roles: ["viewer"],
    });
    expect(body.sessions).toHaveLength(2);
    expect(JSON.stringify(body)).not.toMatch(/argon2|passwordHash|emailHash/);
    expect(JSON.stringify(body)).not.toContain(owner.memberId);
  });
});

describe("401", () => {
  test("a member who was removed gets nothing, once the access item is read again", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    stack.advanceClock(60);
    expect(await exportOwn(viewer.accessToken)).toMatchObject(problemAnswer("invalid-token"));
  });
});

describe("404", () => {
  test("a member who was removed a moment ago is not found, and no personal data is left to export", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await exportOwn(viewer.accessToken);
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    expect(await exportOwn(viewer.accessToken)).toMatchObject(problemAnswer("not-found"));
  });
});

describe("on record", () => {
  test("a member's export is recorded once", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await exportOwn(viewer.accessToken);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    const records = body.items.filter(
      ({ action }: { action: string }) => action === "accounts.member.exported",
    );
    expect(records).toMatchObject([{ actorId: viewer.memberId, subjectId: viewer.memberId }]);
  });
});
