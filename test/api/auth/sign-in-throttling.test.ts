import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { newEmail, password, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const post = (body: Record<string, unknown>) => stack.http.post("/v1/auth/sign-in", { body });
const wrong = "not the right password";
const day = 24 * 3_600_000;

/** Lets somebody fail, each time after the wait they were told. */
async function failPatiently(email: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    const answer = await post({ email, password: wrong });
    if (answer.status === 429) {
      stack.advanceClock(answer.body.retryAfterSeconds);
      count -= 1;
    }
  }
}

describe("429", () => {
  test("after a few mistakes each wait has one guess in it, and waits grow to an hour", async () => {
    const { email } = await signUp(stack);
    for (let count = 0; count < 5; count++) {
      expect((await post({ email, password: wrong })).status).toBe(401);
    }
    const waits: number[] = [];
    for (let count = 0; count < 9; count++) {
      const answer = await post({ email, password });
      expect(answer).toMatchObject(problemAnswer("too-many-attempts"));
      const { retryAfterSeconds } = answer.body;
      expect(answer.headers.get("retry-after")).toBe(String(retryAfterSeconds));
      waits.push(retryAfterSeconds);
      stack.advanceClock(retryAfterSeconds);
      expect((await post({ email, password: wrong })).status).toBe(401);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });

  test("an unknown address is throttled like a known one, in bytes, status and calls", async () => {
    const { email } = await signUp(stack);
    const stranger = newEmail();
    await Promise.all([failPatiently(email, 5), failPatiently(stranger, 5)]);
    const attempt = (address: string) => () => post({ email: address, password: wrong });
    const answers = [await attempt(email)(), await attempt(stranger)()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429]);
    expect(Object.keys(answers[0]?.body)).toEqual(Object.keys(answers[1]?.body));
    expect(answers[0]?.body.detail).toBe(answers[1]?.body.detail);
    // What a function unwraps anew every five minutes falls into neither count.
    const warm = attempt(newEmail());
    await warm();
    expect(await countCalls(stack, attempt(email))).toEqual(
      await countCalls(stack, attempt(stranger)),
    );
    stack.advanceClock(30);
    await warm();
    expect(await countCalls(stack, attempt(email))).toEqual(
      await countCalls(stack, attempt(stranger)),
    );
  });

  test("the right password forgives what was wrong before it", async () => {
    const { email } = await signUp(stack);
    for (let round = 0; round < 3; round++) {
      await failPatiently(email, 3);
      expect((await post({ email, password })).status).toBe(200);
    }
  });

  test("strangers have 65 guesses, then one in six days, nor all together more than 100 in thirty, and none of them locks a known device out", async () => {
    const owner = await signUp(stack);
    const { email } = owner;
    const devices = [owner.knownDevice];
    while (devices.length < 5) devices.push((await signIn(stack, { email, password })).knownDevice);

    let evaluated = 0;
    const guess = async (knownDevice?: string): Promise<number> => {
      const answer = await post({ email, password: wrong, ...(knownDevice && { knownDevice }) });
      if (answer.status === 401) evaluated += 1;
      return answer.status;
    };
    const begunAt = stack.now();
    for (let count = 0; count < 80; count++) {
      await guess();
      stack.advanceClock(3600);
    }
    expect(evaluated).toBe(65);
    while (stack.now() < begunAt + 30 * day) {
      await guess();
      stack.advanceClock(24 * 3600);
    }
    expect(evaluated).toBe(69);

    for (const device of devices.slice(1)) {
      for (let count = 0; count < 8; count++) await guess(device);
    }
    for (let count = 0; count < 4; count++) await guess(devices[0]);
    expect(evaluated).toBeLessThan(100);
    const rightful = await post({ email, password, knownDevice: devices[0] });
    expect(rightful.status).toBe(200);
  });

  test("whoever strangers have shut out is let in again when the wait is over, and has a clean slate after thirty quiet days", async () => {
    const { email } = await signUp(stack);
    const stranger = newEmail();
    await Promise.all([failPatiently(email, 65), failPatiently(stranger, 65)]);
    const attempt = (address: string, secret = wrong) => post({ email: address, password: secret });
    const answers = [await attempt(email), await attempt(stranger)];
    for (const answer of answers) {
      expect(answer).toMatchObject(problemAnswer("too-many-attempts"));
      expect(answer.body.retryAfterSeconds).toBeGreaterThan(5 * 24 * 3600);
      expect(answer.body.retryAfterSeconds).toBeLessThanOrEqual(6 * 24 * 3600);
    }
    stack.advanceClock((6 * day) / 1000);
    // The one guess of the wait is a stranger's again.
    for (const address of [email, stranger]) {
      expect((await attempt(address)).status).toBe(401);
      expect((await attempt(address)).status).toBe(429);
    }
    stack.advanceClock((36 * day) / 1000);
    for (const address of [email, stranger]) {
      for (let count = 0; count < 5; count++) expect((await attempt(address)).status).toBe(401);
      expect(await attempt(address)).toMatchObject(
        problemAnswer("too-many-attempts", { retryAfterSeconds: 30 }),
      );
    }
    stack.advanceClock(30);
    expect((await attempt(email, password)).status).toBe(200);
  });
});

describe("few failures", () => {
  test.each([1, 4])(
    "%i that nobody has added to for thirty days are forgotten, at an address that nobody has as at one with an account, in bytes and in calls",
    async (failures) => {
      const { email } = await signUp(stack);
      const stranger = newEmail();
      const attempt = (address: string) => post({ email: address, password: wrong });
      for (const address of [email, stranger]) {
        for (let count = 0; count < failures; count++) await attempt(address);
      }
      stack.advanceClock((30 * day) / 1000);
      // Has the platform's secrets read again.
      await attempt(newEmail());
      expect(await countCalls(stack, () => attempt(email))).toEqual(
        await countCalls(stack, () => attempt(stranger)),
      );
      for (const address of [email, stranger]) {
        for (let count = 0; count < 4; count++) expect((await attempt(address)).status).toBe(401);
        expect(await attempt(address)).toMatchObject(
          problemAnswer("too-many-attempts", { retryAfterSeconds: 30 }),
        );
      }
    },
  );
});

describe("20 right sign-ins of one person at the same moment", () => {
  test("all succeed or are told when to come again: none fails for the others' sake", async () => {
    const { email } = await signUp(stack);
    for (let count = 0; count < 5; count++) await signIn(stack, { email, password });
    const { fulfilled } = await race(20, () => post({ email, password }));
    const answers = fulfilled.map(({ status, headers }) => [status, headers.get("retry-after")]);
    for (const [status, retryAfter] of answers) {
      expect([200, 429]).toContain(status);
      if (status === 429) expect(Number(retryAfter)).toBeLessThanOrEqual(61);
    }
    expect(answers.filter(([status]) => status === 200).length).toBeGreaterThanOrEqual(5);
  });
});

describe("known devices", () => {
  test("devices that first sign in at the same moment are all known afterwards", async () => {
    const { email } = await signUp(stack);
    const { fulfilled } = await race(4, () => signIn(stack, { email, password }));
    const devices = fulfilled.map(({ knownDevice }) => knownDevice);
    expect(devices).toHaveLength(4);
    await failPatiently(email, 5);
    expect((await post({ email, password })).status).toBe(429);
    for (const knownDevice of devices) {
      const { status, body } = await post({ email, password: wrong, knownDevice });
      expect([status, body.code]).toEqual([401, "invalid-credentials"]);
    }
  });

  test("of a sixth device on, the one unused for longest is forgotten", async () => {
    const { email, knownDevice: first } = await signUp(stack);
    const others: string[] = [];
    for (let count = 0; count < 5; count++) {
      stack.advanceClock(1);
      others.push((await signIn(stack, { email, password })).knownDevice);
    }
    await failPatiently(email, 5);
    expect((await post({ email, password, knownDevice: first })).status).toBe(429);
    for (const knownDevice of others) {
      expect((await post({ email, password: wrong, knownDevice })).status).toBe(401);
    }
  });
});
