import { describe, expect, test } from "vitest";
import {
  newEmail,
  readLinkToken,
  sendInvitation,
  signUp,
  signUpRequest,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const verify = (token: string) => stack.http.post("/v1/auth/email/verify", { body: { token } });

async function requestLink(email = newEmail()): Promise<string> {
  await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
  return readLinkToken(stack, email);
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

  test("fifty uses of one link at once make one manufacturer and answer alike", async () => {
    const token = await requestLink();
    const { fulfilled } = await race(50, () => verify(token));
    const answered = fulfilled.filter(({ status }) => status === 200);
    expect(new Set(answered.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(fulfilled.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  });

  test("of two sign-ups with one address, the link that is followed decides: its password signs in, its company is made, and the other's never does", async () => {
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
      expect((await verify(own)).status).toBe(200);
      expect(await verify(others)).toMatchObject(problemAnswer("email-taken"));
      expect(await attempt(1 - followed)).toMatchObject(problemAnswer("invalid-credentials"));
      const session = await attempt(followed);
      const { body } = await stack.http.get("/v1/manufacturers/me", {
        token: session.body.accessToken,
      });
      expect(body.legalName).toBe(`Rohrwerk ${followed}`);
    }
  });

  test("the e-mail tells when somebody signed up, so that only one's own link is followed", async () => {
    const email = newEmail();
    await requestLink(email);
    const mail = stack.outbox().findLast(({ to }) => to.includes(email));
    const day = new Date(stack.now()).toISOString().slice(0, 10);
    expect(mail?.text).toContain(`signed up with this address at ${day}T`);
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
  test("an unknown, expired or foreign link is refused alike", async () => {
    const owner = await signUp(stack);
    const { token: invitation } = await sendInvitation(stack, owner, "viewer");
    const expired = await requestLink();
    stack.advanceClock(24 * 3600);
    for (const token of ["A".repeat(43), invitation, expired]) {
      expect(await verify(token)).toMatchObject(problemAnswer("invalid-ticket"));
    }
  });

  test("what is no link's secret at all is a malformed request", async () => {
    expect(await verify("short")).toMatchObject(problemAnswer("invalid-request"));
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
});
