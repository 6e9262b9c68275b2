import { describe, expect, test } from "vitest";
import {
  inviteMember,
  password,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const accept = (token: string, chosen = password) =>
  stack.http.post("/v1/invitations/accept", { body: { token, password: chosen } });

describe("200", () => {
  test("whoever follows the link signs in with the password they chose, in the role they were given", async () => {
    const owner = await signUpWithFactor(stack);
    const { token, email, memberId } = await sendInvitation(stack, owner, "editor");
    expect(await accept(token)).toMatchObject({
      status: 200,
      body: { manufacturerId: owner.manufacturerId, memberId },
    });
    const member = await signIn(stack, { email, password });
    const access = await stack.http.post("/v1/access/check", {
      token: member.accessToken,
      body: { permission: "usage:write" },
    });
    expect(access.body).toEqual({ allowed: true });
  });
});

describe("400", () => {
  test("a link is good once", async () => {
    const owner = await signUpWithFactor(stack);
    const { token } = await sendInvitation(stack, owner, "viewer");
    expect((await accept(token)).status).toBe(200);
    expect(await accept(token, "seven brass lanterns")).toMatchObject(
      problemAnswer("invalid-ticket"),
    );
  });

  test("a link is good for seven days", async () => {
    const owner = await signUpWithFactor(stack);
    const { token } = await sendInvitation(stack, owner, "viewer");
    stack.advanceClock(7 * 24 * 3600);
    expect(await accept(token)).toMatchObject(problemAnswer("invalid-ticket"));
  });

  test("the link of a member who was removed before they followed it is worth nothing", async () => {
    const owner = await signUpWithFactor(stack);
    const { token, memberId } = await sendInvitation(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${memberId}`, { token: owner.accessToken });
    expect(await accept(token)).toMatchObject(problemAnswer("invalid-ticket"));
  });
});

describe("400: nobody stands for the invitation any more", () => {
  const changeRole = (token: string, memberId: string, role: string) =>
    stack.http.patch(`/v1/members/${memberId}`, { token, body: { role } });

  test("an owner whom a demoted owner had invited does not get in, not even once the role is back", async () => {
    const owner = await signUpWithFactor(stack);
    const inviter = await inviteMember(stack, owner, "owner");
    const { token } = await sendInvitation(stack, inviter, "owner");
    expect((await changeRole(owner.accessToken, inviter.memberId, "viewer")).status).toBe(200);
    expect(await accept(token)).toMatchObject(problemAnswer("invalid-ticket"));
    expect((await changeRole(owner.accessToken, inviter.memberId, "owner")).status).toBe(200);
    expect(await accept(token)).toMatchObject(problemAnswer("invalid-ticket"));
  });

  test("the invitations of a removed admin end with them", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const { token } = await sendInvitation(stack, admin, "admin");
    await stack.http.delete(`/v1/members/${admin.memberId}`, { token: owner.accessToken });
    expect(await accept(token)).toMatchObject(problemAnswer("invalid-ticket"));
  });

  test("what the inviter may still give stays good: a demoted owner's viewer gets in", async () => {
    const owner = await signUpWithFactor(stack);
    const inviter = await inviteMember(stack, owner, "owner");
    const { token } = await sendInvitation(stack, inviter, "viewer");
    expect((await changeRole(owner.accessToken, inviter.memberId, "admin")).status).toBe(200);
    expect((await accept(token)).status).toBe(200);
  });

  test("whoever gives an invited member another role stands for the invitation from then on", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const { token, memberId } = await sendInvitation(stack, admin, "admin");
    expect((await changeRole(owner.accessToken, memberId, "editor")).status).toBe(200);
    await stack.http.delete(`/v1/members/${admin.memberId}`, { token: owner.accessToken });
    expect((await accept(token)).status).toBe(200);
  });
});

describe("409", () => {
  test("an address that signs in elsewhere does not join a second manufacturer", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const invited = await stack.http.post("/v1/members", {
      token: owner.accessToken,
      body: { name: "Elsewhere", email: stranger.email, role: "viewer" },
    });
    expect(invited.status).toBe(201);
    await stack.settled();
    const text = stack.outbox().findLast(({ to }) => to.includes(stranger.email))?.text ?? "";
    const token = /#token=([\w-]+)/.exec(text)?.[1] ?? "";
    expect(await accept(token)).toMatchObject(problemAnswer("email-taken"));
    await signIn(stack, { email: stranger.email, password });
  });
});

describe("422", () => {
  test("the password must be good enough, and the link survives one that is not", async () => {
    const owner = await signUpWithFactor(stack);
    const { token } = await sendInvitation(stack, owner, "viewer");
    expect(await accept(token, "short")).toMatchObject(problemAnswer("password-too-short"));
    expect(await accept(token, "x1 ".repeat(60))).toMatchObject(problemAnswer("password-too-long"));
    expect(await accept(token, "jonas weber jonas weber")).toMatchObject(
      problemAnswer("password-blocked"),
    );
    expect((await accept(token)).status).toBe(200);
  });

  test("the company's name is no password", async () => {
    const owner = await signUpWithFactor(stack);
    const { token } = await sendInvitation(stack, owner, "viewer");
    expect(await accept(token, "Rohrwerk Keller GmbH")).toMatchObject(
      problemAnswer("password-blocked"),
    );
  });
});
