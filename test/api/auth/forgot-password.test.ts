import { describe, expect, test } from "vitest";
import { leastCalls } from "../../support/count-calls.ts";
import {
  inviteMember,
  newEmail,
  password,
  readLinkToken,
  sendInvitation,
  signIn,
  signUp,
  signUpRequest,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const forget = (email: string) => stack.http.post("/v1/auth/password/forgot", { body: { email } });

describe("202", () => {
  test("a known and an unknown address are answered alike, and one is sent a link", async () => {
    const { email } = await signUp(stack);
    const stranger = newEmail();
    const [known, unknown] = [await forget(email), await forget(stranger)];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect(known).toMatchObject({ status: 202, body: { status: "reset-sent" } });
    expect(await readLinkToken(stack, email)).toMatch(/^\d+-[\w-]{43}$/);
    expect(stack.outbox().filter(({ to }) => to.includes(stranger))).toEqual([]);
  });

  test("both cost the same calls", async () => {
    const { email } = await signUp(stack);
    const known = await leastCalls(stack, () => forget(email));
    const unknown = await leastCalls(stack, () => forget(newEmail()));
    expect(known).toEqual(unknown);
  });

  test("somebody who was invited and has no password yet is sent none", async () => {
    const owner = await signUp(stack);
    const { email } = await sendInvitation(stack, owner, "viewer");
    const before = stack.outbox().length;
    expect((await forget(email)).status).toBe(202);
    await stack.settled();
    expect(stack.outbox()).toHaveLength(before);
  });

  test("nobody's mailbox is flooded, and the answer does not tell", async () => {
    const { email } = await signUp(stack);
    for (let count = 0; count < 8; count++) expect((await forget(email)).status).toBe(202);
    await stack.settled();
    const links = stack
      .outbox()
      .filter(({ to, subject }) => to.includes(email) && subject === "Reset your password");
    expect(links.length).toBeGreaterThan(0);
    expect(links.length).toBeLessThan(8);
  });
});

describe("e-mails of one kind", () => {
  test("suppress none of another, however many are asked for", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    const { email } = viewer;
    for (let count = 0; count < 8; count++) await forget(email);
    const reset = await stack.http.post(`/v1/members/${viewer.memberId}/reset`, {
      token: owner.accessToken,
    });
    expect(reset.status).toBe(202);
    // A manufacturer that does not know that the address has an account elsewhere.
    const stranger = await signUpWithFactor(stack);
    const invitation = await stack.http.post("/v1/members", {
      body: { name: "Jonas Weber", email, role: "viewer" },
      token: stranger.accessToken,
    });
    expect(invitation.status).toBe(201);
    expect(
      (await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) })).status,
    ).toBe(202);
    await signIn(stack, { email, password });
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(email))
      .map(({ subject }) => subject);
    const resets = subjects.filter((subject) => subject === "Reset your password");
    expect(resets).toHaveLength(6);
    for (const subject of [
      "Somebody tried to sign up with your address",
      "New sign-in to your account",
    ]) {
      expect(subjects).toContain(subject);
    }
    expect(subjects.filter((subject) => subject === "You are invited")).toHaveLength(2);
  });
});

describe("400", () => {
  test("what is no address is named as such", async () => {
    expect(await forget("nobody")).toMatchObject(
      problemAnswer("invalid-request", {
        errors: [{ pointer: "/body/email", code: "invalid-format" }],
      }),
    );
  });
});
