import { describe, expect, test } from "vitest";
import { inviteMember, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const exportAll = (token: string) => stack.http.get("/v1/manufacturers/me/export", { token });

describe("200", () => {
  test("the owner gets everything held: profile, members and plan, and no secret", async () => {
    const owner = await signUpWithFactor(stack);
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

describe("on record", () => {
  test("an export is recorded once, with how many members it held", async () => {
    const owner = await signUpWithFactor(stack);
    await exportAll(owner.accessToken);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    const records = body.items.filter(
      ({ action }: { action: string }) => action === "accounts.manufacturer.exported",
    );
    expect(records).toMatchObject([
      {
        actorId: owner.memberId,
        subjectId: owner.manufacturerId,
        outcome: "success",
        details: { members: 1 },
      },
    ]);
  });

  test("nothing leaves that cannot be put on record", async () => {
    const owner = await signUpWithFactor(stack);
    stack.faults({ service: "dynamodb", mode: "error", operation: "TransactWriteItems" });
    const { status, body } = await exportAll(owner.accessToken);
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain(owner.email);
  });
});

describe("401", () => {
  test("one factor is not enough, whether or not there is a second", async () => {
    const owner = await signUp(stack);
    expect(await exportAll(owner.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication"),
    );
  });

  test("neither is a second factor that was proven more than 15 minutes ago", async () => {
    const owner = await signUpWithFactor(stack);
    stack.advanceClock(901);
    const { refreshToken } = owner;
    const { body } = await stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
    const answer = await exportAll(body.accessToken);
    expect(answer).toMatchObject(problemAnswer("insufficient-authentication"));
    expect(answer.headers.get("www-authenticate")).toContain('max_age="900"');
  });
});

describe("403", () => {
  test("an admin is no owner", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await exportAll(admin.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});
