import { describe, expect, test } from "vitest";
import { leastCalls } from "../../support/count-calls.ts";
import {
  newEmail,
  password,
  readLinkToken,
  signIn,
  signUp,
  signUpRequest,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const signUpWith = (body: unknown) => stack.http.post("/v1/manufacturers", { body });
const withPassword = (chosen: string) => {
  const request = signUpRequest(newEmail());
  return { ...request, owner: { ...request.owner, password: chosen } };
};

describe("202", () => {
  test("a sign-up becomes an account only by the link that its address is sent", async () => {
    const email = newEmail();
    expect(await signUpWith(signUpRequest(email))).toMatchObject({
      status: 202,
      body: { status: "verification-sent" },
    });
    const early = await stack.http.post("/v1/auth/sign-in", { body: { email, password } });
    expect(early).toMatchObject(problemAnswer("invalid-credentials"));
    const token = await readLinkToken(stack, email);
    await stack.http.post("/v1/auth/email/verify", { body: { token, password } });
    await signIn(stack, { email, password });
  });

  test("a known address is answered like a new one, in bytes and in calls", async () => {
    const { email } = await signUp(stack);
    const known = await signUpWith(signUpRequest(email));
    const unknown = await signUpWith(signUpRequest(newEmail()));
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    const knownCalls = await leastCalls(stack, () => signUpWith(signUpRequest(email)));
    const unknownCalls = await leastCalls(stack, () => signUpWith(signUpRequest(newEmail())));
    expect(knownCalls).toEqual(unknownCalls);
    expect(unknownCalls).toEqual({ dynamodb: 2, kms: 0 });
  });

  test("an address is sent a few e-mails an hour and no more where one source asks for them", async () => {
    const email = newEmail();
    const answers = [];
    for (let count = 0; count < 8; count++) answers.push(await signUpWith(signUpRequest(email)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await stack.settled();
    const sent = stack.outbox().filter(({ to }) => to.includes(email)).length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(8);
    stack.advanceClock(3600);
    await signUpWith(signUpRequest(email));
    await stack.settled();
    expect(stack.outbox().filter(({ to }) => to.includes(email))).toHaveLength(sent + 1);
  });

  test("the same mailbox in other letters is the same account", async () => {
    const { email } = await signUp(stack);
    await signUpWith(signUpRequest(email.toUpperCase()));
    await stack.settled();
    expect(stack.outbox().findLast(({ to }) => to.includes(email))?.subject).toBe(
      "Somebody tried to sign up with your address",
    );
  });
});

describe("400", () => {
  test("every bad place is named by its pointer, all at once", async () => {
    const { legalName: _, ...request } = signUpRequest("no address");
    const answer = await signUpWith({ ...request, country: "Germany", isAdmin: true });
    expect(answer).toMatchObject(problemAnswer("invalid-request"));
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { pointer: "/body/legalName", code: "missing" },
        { pointer: "/body/country", code: "invalid-format" },
        { pointer: "/body/owner/email", code: "invalid-format" },
        { pointer: "/body/isAdmin", code: "unknown-field" },
      ]),
    );
    expect(answer.body.errors).toHaveLength(4);
  });
});

describe("413", () => {
  test("a body beyond the row's limit is refused unread", async () => {
    const answer = await signUpWith({ ...signUpRequest(newEmail()), filler: "x".repeat(20_000) });
    expect(answer).toMatchObject(problemAnswer("body-too-large", { bytesMax: 16_384 }));
  });
});

describe("415", () => {
  test("a form is no JSON", async () => {
    const answer = await stack.http.raw("/v1/manufacturers", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "legalName=x",
    });
    expect(answer).toMatchObject(problemAnswer("unsupported-media-type"));
  });
});

describe("422", () => {
  test("an attack in a field is refused by place; a password may be anything", async () => {
    const email = newEmail();
    const request = signUpRequest(email);
    const attack = await stack.http.post("/v1/manufacturers", {
      body: { ...request, legalName: "x' UNION SELECT password FROM users --" },
    });
    expect(attack).toMatchObject(
      problemAnswer("threat-detected", {
        errors: [{ pointer: "/body/legalName", code: "sql-injection" }],
      }),
    );
    const password = "' OR 1=1; DROP TABLE users --";
    const passes = await stack.http.post("/v1/manufacturers", {
      body: { ...request, owner: { ...request.owner, password } },
    });
    expect(passes.status).toBe(202);
  });

  test("an attack by a stranger is in the platform's audit trail, and counts once for the alarm", async () => {
    const request = signUpRequest(newEmail());
    const linesBefore = stack.logLines().length;
    const attack = "x' UNION SELECT password FROM vault --";
    const answer = await stack.http.post("/v1/manufacturers", {
      body: { ...request, legalName: attack, owner: { ...request.owner, name: attack } },
    });
    expect(answer.status).toBe(422);
    await stack.settled();
    const event = stack
      .events()
      .findLast((sent) => sent["detail-type"] === "threats.attack.blocked");
    expect(event?.detail).toMatchObject({
      manufacturerId: "platform",
      details: { operation: "createManufacturer", types: ["sql_injection"] },
    });
    expect(event?.detail).not.toHaveProperty("actorId");
    expect(JSON.stringify(event)).not.toContain("vault");
    const counted = stack
      .logLines()
      .slice(linesBefore)
      .filter(({ line }) => line.includes('"attacksDetected":'));
    expect(counted.map(({ line }) => JSON.parse(line))).toEqual([
      expect.objectContaining({ attacksDetected: 1, memberId: "anonymous" }),
    ]);
  });

  test("a password that is the only factor has 15 characters", async () => {
    const answer = await signUpWith(withPassword("tidal copper v"));
    expect(answer).toMatchObject(problemAnswer("password-too-short", { lengthMin: 15 }));
  });

  test("a password has at most 128 characters, and may have that many", async () => {
    const long = "tidal copper vex ".repeat(8);
    expect(await signUpWith(withPassword(long))).toMatchObject(
      problemAnswer("password-too-long", { lengthMax: 128 }),
    );
    const longest = [...Array(32).keys()].map((word) => `w${word}`.padEnd(4, "é")).join("");
    expect((await signUpWith(withPassword(longest))).status).toBe(202);
  });

  test.each([
    ["passwordpassword", "breach"],
    ["Rohrwerk Keller GmbH", "company"],
    ["Maria Keller Maria Keller", "name"],
    ["abcdefghijklmnop", "sequence"],
  ])("%s is refused, and the reason is told", async (chosen, reason) => {
    const answer = await signUpWith(withPassword(chosen));
    expect(answer).toMatchObject(problemAnswer("password-blocked"));
    expect(answer.body.detail).toContain(reason);
  });
});

describe("503", () => {
  test("an outage is told as one, and nothing is half done", async () => {
    const email = newEmail();
    stack.faults({ service: "dynamodb", mode: "error", operation: "TransactWriteItems" });
    expect(await signUpWith(signUpRequest(email))).toMatchObject(problemAnswer("unavailable"));
    stack.faults({ service: "dynamodb", mode: "none" });
    await stack.settled();
    expect(stack.outbox().filter(({ to }) => to.includes(email))).toEqual([]);
  });
});
