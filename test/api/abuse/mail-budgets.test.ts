import { describe, expect, test } from "vitest";
import { clientFrom, newSource } from "../../support/client-from.ts";
import {
  newEmail,
  password,
  readLinkToken,
  signUpRequest,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack({ sourceBudgetFactor: 1 });

const mailsTo = async (email: string): Promise<string[]> => {
  await stack.settled();
  return stack
    .outbox()
    .filter(({ to }) => to.includes(email))
    .map(({ subject = "" }) => subject);
};

describe("sign-up mails", () => {
  test("of one source are 20 in an hour: 1,000 sign-ups at 1,000 addresses send no more", async () => {
    const send = clientFrom(stack, newSource());
    // What the test before this one has caused is sent by now.
    await stack.settled();
    const before = stack.outbox().length;
    const statuses: number[] = [];
    for (let round = 0; round < 125; round++) {
      const { fulfilled } = await race(8, () =>
        send("/v1/manufacturers", signUpRequest(newEmail())),
      );
      statuses.push(...fulfilled.map(({ status }) => status));
    }
    await stack.settled();
    expect(statuses).toHaveLength(1000);
    expect(stack.outbox().length - before).toBe(20);
    expect(statuses.filter((status) => status === 202)).toHaveLength(20);
    const refused = await send("/v1/manufacturers", signUpRequest(newEmail()));
    expect(refused).toMatchObject({ status: 429, body: { code: "too-many-requests" } });
    expect(refused.retryAfterSeconds).toBeGreaterThan(0);
  });

  test("to an address that a stranger has asked for again and again are still sent to its owner, whose own link works", async () => {
    const email = newEmail();
    const stranger = clientFrom(stack, newSource());
    const signUp = signUpRequest(email);
    const foreign = { ...signUp, owner: { ...signUp.owner, password: "seven brass lanterns" } };
    for (let count = 0; count < 8; count++) {
      expect((await stranger("/v1/manufacturers", foreign)).status).toBe(202);
    }
    expect(await mailsTo(email)).toHaveLength(3);

    const owner = clientFrom(stack, newSource());
    expect((await owner("/v1/manufacturers", signUp)).status).toBe(202);
    const token = await readLinkToken(stack, email);
    expect((await owner("/v1/auth/email/verify", { token, password })).status).toBe(200);
  });

  test("to one address are 30 in an hour over all sources, and the rest is answered alike", async () => {
    const email = newEmail();
    for (let source = 0; source < 12; source++) {
      const send = clientFrom(stack, newSource());
      const { fulfilled } = await race(3, () => send("/v1/manufacturers", signUpRequest(email)));
      expect(fulfilled.map(({ status }) => status)).toEqual([202, 202, 202]);
    }
    expect(await mailsTo(email)).toHaveLength(30);
  });
});

describe("invitations", () => {
  test("of one manufacturer to an address neither use up nor show those of another", async () => {
    const [one, other] = [await signUpWithFactor(stack), await signUpWithFactor(stack)];
    const email = newEmail();
    const invite = (token: string) =>
      stack.http.post("/v1/members", {
        token,
        body: { name: "Jonas Weber", email, role: "viewer" },
      });
    for (let count = 0; count < 5; count++) await invite(one.accessToken);
    const own = await invite(one.accessToken);
    expect(own.status).not.toBe(201);
    const before = (await mailsTo(email)).length;
    expect((await invite(other.accessToken)).status).toBe(201);
    expect(await mailsTo(email)).toHaveLength(before + 1);
  });
});
