import { describe, expect, test } from "vitest";
import { registerDevice } from "../../support/device.ts";
import {
  claimsOf,
  createFirstOperator,
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
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

async function mailsTo(email: string): Promise<{ subject: string; text: string }[]> {
  await stack.settled();
  return stack
    .outbox()
    .filter(({ to }) => to.includes(email))
    .map(({ subject, text = "" }) => ({ subject, text }));
}

const subjectsTo = async (email: string) => (await mailsTo(email)).map(({ subject }) => subject);

describe("links", () => {
  test("an invitation's link goes to the invited address, and to no other", async () => {
    const owner = await signUp(stack);
    const { email, token } = await sendInvitation(stack, owner, "viewer");
    const others = stack.outbox().filter(({ to }) => !to.includes(email));
    expect(others.filter(({ text }) => text?.includes(token))).toEqual([]);
    expect(await subjectsTo(email)).toEqual(["You are invited"]);
  });

  test("whoever asks for a password reset is sent a link that sets one", async () => {
    const { email } = await signUp(stack);
    await stack.http.post("/v1/auth/password/forgot", { body: { email } });
    const body = { token: await readLinkToken(stack, email), password: "seven brass lanterns" };
    expect((await stack.http.post("/v1/auth/password/reset", { body })).status).toBe(200);
    await signIn(stack, { email, password: body.password });
  });

  test("no domain event and no log line holds a link's secret", async () => {
    const owner = await signUp(stack);
    const { token } = await sendInvitation(stack, owner, "editor");
    expect(JSON.stringify(stack.events())).not.toContain(token);
    expect(JSON.stringify(stack.logLines())).not.toContain(token);
  });
});

describe("news of one's own account (SP 800-63B-4 section 4.6)", () => {
  test("a first sign-in from a device is told, the next from the same one is not", async () => {
    const owner = await signUp(stack);
    await signIn(stack, { email: owner.email, password, knownDevice: owner.knownDevice });
    const subjects = await subjectsTo(owner.email);
    expect(subjects.filter((subject) => subject === "New sign-in to your account")).toHaveLength(1);
    await signIn(stack, { email: owner.email, password: owner.password });
    expect(await subjectsTo(owner.email)).toHaveLength(subjects.length + 1);
  });

  test("an app and a device that were bound are told by the names they have, which no record or event holds", async () => {
    const names = ["Paula's green phone", "Paula's grey laptop"];
    const owner = await enrolTotp(stack, await signUp(stack), { label: names[0] ?? "" });
    await registerDevice(stack, owner, names[1]);
    const mails = (await mailsTo(owner.email)).map(({ text }) => text).join();
    const audit = await stack.http.get("/v1/audit", { token: owner.accessToken });
    const held = JSON.stringify([audit.body, stack.events()]);
    expect(held).toContain("mfa.factor.bound");
    expect(held).toContain("devices.device.registered");
    for (const name of names) {
      expect(mails).toContain(`"${name}"`);
      expect(held).not.toContain(name);
    }
  });

  test("a changed password is told, with what to do if it was somebody else", async () => {
    const owner = await signUp(stack);
    const changed = await stack.http.post("/v1/auth/password/change", {
      token: owner.accessToken,
      body: { current: password, new: "seven brass lanterns" },
    });
    expect(changed.status).toBe(200);
    const mail = (await mailsTo(owner.email)).at(-1);
    expect(mail?.subject).toBe("Your password was changed");
    expect(mail?.text).toContain("If this was not you");
  });

  test("a password set by a reset link is told", async () => {
    const { email } = await signUp(stack);
    await stack.http.post("/v1/auth/password/forgot", { body: { email } });
    const token = await readLinkToken(stack, email);
    await stack.http.post("/v1/auth/password/reset", {
      body: { token, password: "seven brass lanterns" },
    });
    expect((await subjectsTo(email)).at(-1)).toBe("Your password was changed");
  });

  test("a refresh token that was used twice is told", async () => {
    const owner = await signUp(stack);
    const use = () =>
      stack.http.post("/v1/auth/refresh", { body: { refreshToken: owner.refreshToken } });
    await use();
    stack.advanceClock(11);
    expect((await use()).status).toBe(401);
    expect((await subjectsTo(owner.email)).at(-1)).toBe("A session of yours was ended");
  });

  test("an address that has an account is told of a sign-up, without its answer telling", async () => {
    const { email } = await signUp(stack);
    const again = await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
    const first = await stack.http.post("/v1/manufacturers", { body: signUpRequest(newEmail()) });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect((await subjectsTo(email)).at(-1)).toBe("Somebody tried to sign up with your address");
  });

  test("a member who was removed before the mail went out is written to no more", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    const { manufacturerId, memberId: subjectId } = viewer;
    const detail = { manufacturerId, subjectId, action: "auth.password.changed" };
    expect(await stack.invoke("sendNotification", { detail })).toEqual({ sent: 0 });
  });

  test("a colleague is told of their own sign-in, and not of the inviter's", async () => {
    const owner = await signUp(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(claimsOf(viewer.accessToken)["mid"]).toBe(owner.manufacturerId);
    expect(await subjectsTo(viewer.email)).toEqual([
      "You are invited",
      "New sign-in to your account",
    ]);
  });
});

describe("news of the manufacturer, to each of its owners and to nobody else", () => {
  test("a usage limit at 80 %, 90 % and 100 %, once each", async () => {
    const owner = await signUpWithFactor(stack);
    const second = await inviteMember(stack, owner, "owner");
    const viewer = await inviteMember(stack, owner, "viewer");
    await sendInvitation(stack, owner, "owner");
    await stack.http.post("/v1/usage/ml_requests/increments", {
      token: owner.accessToken,
      body: { amount: 50 },
      headers: { "idempotency-key": "all-at-once" },
    });
    const marksTo = async (email: string) =>
      (await mailsTo(email)).flatMap(({ text }) => /: (\d+) % is passed/.exec(text)?.[1] ?? []);
    expect((await marksTo(owner.email)).toSorted()).toEqual(["100", "80", "90"]);
    expect((await marksTo(second.email)).toSorted()).toEqual(["100", "80", "90"]);
    expect(await marksTo(viewer.email)).toEqual([]);
    const texts = stack.outbox().filter(({ text }) => text?.includes("% is passed"));
    expect(texts).toHaveLength(6);
  });

  test("an erasure that was ordered, and its withdrawal", async () => {
    const owner = await signUp(stack);
    const operator = await createFirstOperator(stack);
    const path = `/v1/operator/manufacturers/${owner.manufacturerId}/erase`;
    const token = operator.accessToken;
    await stack.http.post(path, { token, body: { confirm: "Rohrwerk Keller GmbH" } });
    expect((await subjectsTo(owner.email)).at(-1)).toMatch(/will be erased in seven days/);
    await stack.http.delete(path, { token });
    expect((await subjectsTo(owner.email)).at(-1)).toMatch(/was withdrawn/);
  });
});
