import { expect, test } from "vitest";
import type { LimitOptions, Refused } from "../../../local/limits.ts";
import { createLimits } from "../../../local/limits.ts";

/** Limits at a clock that stands still, and runs that end when the test says so. */
function scene(overrides: Partial<LimitOptions> = {}) {
  let nowMs = 0;
  const run = createLimits({
    rows: [{ operationId: "reserved", reservedConcurrency: 2 }],
    throttle: { rateLimit: 100, burstLimit: 50 },
    runningMax: 3,
    waitMaxMs: 1000,
    now: () => nowMs,
    ...overrides,
  });
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const send = (operationId = "any") => {
    const number = ends.length;
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    return run(operationId, () => {
      started.push(number);
      return promise.then(() => number);
    }).catch((error: Refused) => error.status);
  };
  /** Ends a run and waits until whoever comes after it has begun. */
  const end = async (number: number): Promise<void> => {
    ends[number]?.();
    await new Promise(setImmediate);
  };
  return { send, end, started, advance: (ms: number) => (nowMs += ms) };
}

test("only so many run at a time; the others wait their turn in order", async () => {
  const { send, end, started } = scene();
  const answers = Array.from({ length: 5 }, () => send());
  expect(started).toEqual([0, 1, 2]);
  await end(1);
  expect(started).toEqual([0, 1, 2, 3]);
  for (const number of [0, 2, 3, 4]) await end(number);
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4]);
});

test("a function that many wait for keeps no other waiting: the turn goes to who has the fewest running", async () => {
  const { send, end, started } = scene();
  for (let count = 0; count < 6; count += 1) void send("busy");
  void send("quiet");
  void send("quiet");
  expect(started).toEqual([0, 1, 2]);
  await end(0);
  expect(started).toEqual([0, 1, 2, 6]);
  await end(1);
  // One of each runs: who came first.
  expect(started).toEqual([0, 1, 2, 6, 3]);
});

test("beyond a function's reserved concurrency a request is refused at once, waiting ones counted", async () => {
  const { send, end } = scene({ runningMax: 1 });
  const running = send("reserved");
  const waiting = send("reserved");
  expect(await send("reserved")).toBe(503);
  await end(0);
  await end(1);
  expect(await Promise.all([running, waiting])).toEqual([0, 1]);
  const again = send("reserved");
  await end(3);
  expect(await again).toBe(3);
});

test("whoever waited too long is refused when the turn comes, and the next one gets it", async () => {
  const { send, end, advance } = scene({ runningMax: 1 });
  const running = send();
  const tooLong = send();
  advance(1001);
  const fresh = send();
  await end(0);
  expect(await tooLong).toBe(503);
  await end(2);
  expect([await running, await fresh]).toEqual([0, 2]);
});

test("the stage's burst is let in and no more, until time has filled it up again", async () => {
  const { send, end, advance } = scene({ runningMax: 100 });
  const burst = Array.from({ length: 60 }, () => send());
  for (let number = 0; number < 60; number += 1) await end(number);
  expect((await Promise.all(burst)).filter((answer) => answer === 429)).toHaveLength(10);
  advance(20);
  const later = [send(), send(), send()];
  for (const number of [60, 61, 62]) await end(number);
  expect(await Promise.all(later)).toEqual([60, 61, 429]);
});

test("a function that fails gives its place back", async () => {
  const limited = createLimits({
    rows: [{ operationId: "failing", reservedConcurrency: 1 }],
    throttle: { rateLimit: 1000, burstLimit: 1000 },
    runningMax: 1,
    waitMaxMs: 0,
    now: () => 0,
  });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(
      limited("failing", async () => {
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
  }
});
