import { describe, expect, test } from "vitest";
import { inviteMember, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const exportAll = (token: string) => stack.http.get("/v1/manufacturers/me/export", { token });

describe("200", () => {
  test("the owner gets everything held: profile, members and plan, and no secret", async () => {
    const owner = await signUp(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    const { status, body } = await exportAll(owner.accessToken);
    expect(status).toBe(200);
    expect(body.profile).toMatchObject({
      manufacturerId: owner.manufacturerId,
      legalName: "Rohrwerk Keller GmbH",
    });
    const members = body.members.map(({ memberId }: { memberId: string }) => memberId);
    expect(members.sort()).toEqual([owner.memberId, viewer.memberId].sort());
    expect(body.plan).toMatchObject({ tier: "free" });
    expect(JSON.stringify(body)).not.toMatch(/argon2|passwordHash|emailHash|"pk"|"sk"/);
  });
});

describe("403", () => {
  test("an admin is no owner", async () => {
    const owner = await signUp(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await exportAll(admin.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});
