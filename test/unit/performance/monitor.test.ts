import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import { performanceMonitor, Recorder } from "../../../lib/performance/monitor.ts";

const monitored = { operation: "step", budgetMs: 1_000 };
const context = {} as Context;

test("a synchronous function is measured once per call and behaves as before", () => {
  const recorder = new Recorder();
  const add = performanceMonitor(monitored, recorder)((one: number, other: number) => one + other);
  expect([add(1, 2), add(3, 4)]).toEqual([3, 7]);
  expect(recorder.drain()).toMatchObject([{ ...monitored, calls: 2, breaches: 0 }]);
});

test("a thrown error passes unchanged and is measured", () => {
  const recorder = new Recorder();
  const failure = new Error("no");
  const fail = performanceMonitor(
    monitored,
    recorder,
  )(() => {
    throw failure;
  });
  expect(fail).toThrow(failure);
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
});

test("a promise is measured when it settles, before its caller goes on", async () => {
  const recorder = new Recorder();
  const monitor = performanceMonitor(monitored, recorder);
  const gate = Promise.withResolvers<string>();
  const pending = monitor(() => gate.promise)();
  expect(recorder.drain()).toEqual([]);
  gate.resolve("done");
  await expect(pending).resolves.toBe("done");
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
  await expect(monitor(() => Promise.reject(new Error("no")))()).rejects.toThrow("no");
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
});

test("calls over the budget are counted as breaches", () => {
  const recorder = new Recorder();
  const spin = performanceMonitor(
    { operation: "spin", budgetMs: 0.5 },
    recorder,
  )((durationMs: number) => {
    const untilMs = performance.now() + durationMs;
    while (performance.now() < untilMs);
  });
  spin(2);
  spin(0);
  expect(recorder.drain()).toMatchObject([{ calls: 2, breaches: 1 }]);
});

test("draining hands every call over exactly once", () => {
  const recorder = new Recorder();
  const step = performanceMonitor(monitored, recorder)(() => undefined);
  for (let call = 0; call < 250; call++) step();
  const [first] = recorder.drain();
  expect(first?.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(250);
  expect(recorder.drain()).toEqual([]);
  step();
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
});

test("as a Middy middleware it measures concurrent invocations apart, errors included", async () => {
  const recorder = new Recorder();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const handler = middy(async (event: { index: number; isFailing: boolean }) => {
    await gates[event.index]?.promise;
    if (event.isFailing) throw new Error("no");
    return event.index;
  }).use(performanceMonitor(monitored, recorder));
  const first = handler({ index: 0, isFailing: false }, context);
  const second = handler({ index: 1, isFailing: true }, context);
  gates[1]?.resolve();
  await expect(second).rejects.toThrow("no");
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
  gates[0]?.resolve();
  await expect(first).resolves.toBe(0);
  expect(recorder.drain()).toMatchObject([{ calls: 1 }]);
});
