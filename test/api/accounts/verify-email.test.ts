import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import {
  newEmail,
  password,
  readLinkToken,
  sendInvitation,
  signUp,
  signUpRequest,
} from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const verify = (token: string, chosen = password) =>
  stack.http.post("/v1/auth/email/verify", { body: { token, password: chosen } });
const notTheOne = "eleven copper kettles";
const attemptsPerLink = 4;

async function requestLink(email = newEmail()): Promise<string> {
  await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
  return readLinkToken(stack, email);
}

/** A link that has had all the wrong passwords it takes. */
async function spendLink(): Promise<string> {
  const token = await requestLink();
  for (let attempt = 0; attempt < attemptsPerLink; attempt++) await verify(token, notTheOne);
  return token;
}

describe("200", () => {
  test("the link makes the manufacturer with its free plan", async () => {
    const answer = await verify(await requestLink());
    expect(answer).toMatchObject({ status: 200, body: { tier: "free" } });
    expect(answer.body.manufacturerId).toMatch(/^mfr_[\w-]{22}$/);
    expect(answer.body.memberId).toMatch(/^mem_[\w-]{22}$/);
  });

  test("the same link again answers the same and changes nothing", async () => {
    const token = await requestLink();
    const first = await verify(token);
    const events = async () => {
      await stack.settled();
      return stack
        .events()
        .filter((event) => JSON.stringify(event).includes(first.body.manufacturerId)).length;
    };
    const before = await events();
    expect((await verify(token)).body).toEqual(first.body);
    expect(await events()).toBe(before);
  });

  test("as many uses of one link at once as it takes make one manufacturer and answer alike", async () => {
    const token = await requestLink();
    const { fulfilled } = await race(attemptsPerLink, () => verify(token));
    expect(fulfilled.map(({ status }) => status)).toEqual(Array(attemptsPerLink).fill(200));
    expect(new Set(fulfilled.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  test("mistakes short of the last one leave the link good", async () => {
    const token = await requestLink();
    for (let mistake = 1; mistake < attemptsPerLink; mistake++) {
      expect(await verify(token, notTheOne)).toMatchObject(problemAnswer("invalid-credentials"));
    }
    expect((await verify(token)).status).toBe(200);
  });

  test("of two sign-ups with one address, the link that is followed with its password decides: that one signs in, its company is made, and the other's never does", async () => {
    for (const followed of [0, 1]) {
      const email = newEmail();
      const passwords = ["seven brass lanterns", "eleven copper kettles"];
      const links: string[] = [];
      for (const [index, chosen] of passwords.entries()) {
        const request = signUpRequest(email, {
          legalName: `Rohrwerk ${index}`,
          owner: { name: "Maria Keller", email, password: chosen },
        });
        await stack.http.post("/v1/manufacturers", { body: request });
        links.push(await readLinkToken(stack, email));
      }
      const [own = "", others = ""] = followed === 0 ? links : links.toReversed();
      const attempt = (index: number) =>
        stack.http.post("/v1/auth/sign-in", { body: { email, password: passwords[index] } });
      expect((await verify(own, passwords[followed])).status).toBe(200);
      expect(await verify(others, passwords[1 - followed])).toMatchObject(
        problemAnswer("email-taken"),
      );
      expect(await attempt(1 - followed)).toMatchObject(problemAnswer("invalid-credentials"));
      const session = await attempt(followed);
      const { body } = await stack.http.get("/v1/manufacturers/me", {
        token: session.body.accessToken,
      });
      expect(body.legalName).toBe(`Rohrwerk ${followed}`);
    }
  });

  test("the e-mail tells when somebody signed up, and that the password of that time is asked for", async () => {
    const email = newEmail();
    await requestLink(email);
    const mail = stack.outbox().findLast(({ to }) => to.includes(email));
    const day = new Date(stack.now()).toISOString().slice(0, 10);
    expect(mail?.text).toContain(`signed up with this address at ${day}T`);
    expect(mail?.text).toContain("give the password that was chosen at that time");
    expect(mail?.text).toContain("If it was not you, or not at that time, do nothing");
  });

  test("a lost response does not lose the account", async () => {
    const token = await requestLink();
    stack.faults({
      service: "dynamodb",
      mode: "lose-response",
      times: 1,
      operation: "TransactWriteItems",
    });
    expect((await verify(token)).status).toBe(200);
  });
});

describe("400", () => {
  test("an unknown, expired, foreign or spent link is refused alike, in bytes and in calls", async () => {
    const owner = await signUp(stack);
    const { token: invitation } = await sendInvitation(stack, owner, "viewer");
    const expired = await requestLink();
    stack.advanceClock(24 * 3600);
    const spent = await spendLink();
    const answers = [];
    for (const token of ["A".repeat(43), invitation, expired, spent]) {
      let answer: unknown;
      const calls = await countCalls(stack, async () => {
        answer = withoutInstance(await verify(token));
      });
      answers.push({ answer, calls });
    }
    expect(answers[0]?.answer).toMatchObject(problemAnswer("invalid-ticket"));
    expect(answers[0]?.calls).toEqual({ dynamodb: 1, kms: 0 });
    expect(answers).toEqual(Array(answers.length).fill(answers[0]));
  });

  test("of many wrong passwords at once a link takes four, and is void then, for the right one too", async () => {
    const token = await requestLink();
    const { fulfilled } = await race(20, () => verify(token, notTheOne));
    const codes = fulfilled.map(({ body }) => body.code as string);
    expect(codes.filter((code) => code === "invalid-credentials")).toHaveLength(attemptsPerLink);
    expect(new Set(codes)).toEqual(new Set(["invalid-credentials", "invalid-ticket"]));
    expect(await verify(token)).toMatchObject(problemAnswer("invalid-ticket"));
  });

  test("a spent link takes nothing from another of the same address", async () => {
    const email = newEmail();
    const spent = await requestLink(email);
    for (let attempt = 0; attempt < attemptsPerLink; attempt++) await verify(spent, notTheOne);
    expect((await verify(await requestLink(email))).status).toBe(200);
  });

  test("what is no link's secret at all is a malformed request", async () => {
    expect(await verify("short")).toMatchObject(problemAnswer("invalid-request"));
  });
});

describe("401", () => {
  test("whoever follows a stranger's sign-up makes no account with the stranger's password", async () => {
    const email = newEmail();
    const strangers = await requestLink(email);
    expect(await verify(strangers, notTheOne)).toMatchObject(problemAnswer("invalid-credentials"));
    const attempt = () => stack.http.post("/v1/auth/sign-in", { body: { email, password } });
    expect(await attempt()).toMatchObject(problemAnswer("invalid-credentials"));

    const own = signUpRequest(email, {
      owner: { name: "Maria Keller", email, password: notTheOne },
    });
    await stack.http.post("/v1/manufacturers", { body: own });
    expect((await verify(await readLinkToken(stack, email), notTheOne)).status).toBe(200);
    expect(await attempt()).toMatchObject(problemAnswer("invalid-credentials"));
  });

  test("a link that has made its account asks for the same password again", async () => {
    const token = await requestLink();
    expect((await verify(token)).status).toBe(200);
    expect(await verify(token, notTheOne)).toMatchObject(problemAnswer("invalid-credentials"));
  });
});

describe("409", () => {
  test("of two links for one address the first that is followed has it", async () => {
    const email = newEmail();
    const first = await requestLink(email);
    const second = await requestLink(email);
    expect(second).not.toBe(first);
    expect((await verify(second)).status).toBe(200);
    expect(await verify(first)).toMatchObject(problemAnswer("email-taken"));
  });
});

describe("503", () => {
  test("a conflict that persists is told as contention, and the link stays good", async () => {
    const token = await requestLink();
    stack.faults({ service: "dynamodb", mode: "conflict" });
    expect(await verify(token)).toMatchObject(problemAnswer("contention"));
    stack.faults({ service: "dynamodb", mode: "none" });
    expect((await verify(token)).status).toBe(200);
  });

  test("an outage of the key service costs a link no attempt, however often it is met", async () => {
    const token = await requestLink();
    stack.faults({ service: "kms", mode: "error", operation: "GenerateDataKeyWithoutPlaintext" });
    for (let attempt = 0; attempt <= attemptsPerLink; attempt++) {
      expect(await verify(token)).toMatchObject(problemAnswer("kms-unavailable"));
    }
    stack.faults({ service: "kms", mode: "none" });
    expect((await verify(token)).status).toBe(200);
  });
});
