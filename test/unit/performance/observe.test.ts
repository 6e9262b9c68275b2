import type { Context } from "aws-lambda";
import { describe, expect, test, vi } from "vitest";
import { observer } from "../../../lib/http/observe.ts";
import { operation } from "../../../lib/http/operation.ts";
import type { Route, Task } from "../../../lib/http/route.ts";
import { task } from "../../../lib/http/task.ts";
import { performanceMonitor, Recorder } from "../../../lib/performance/monitor.ts";
import { readMetricLine } from "../../../lib/performance/read-metric-line.ts";

const row = {
  operationId: "doWork",
  domain: "performance",
  summary: "",
  triggers: [{ kind: "invoke" }],
  uses: [],
  latencyBudgetMs: 50,
  reservedConcurrency: 7,
} as const satisfies Task;

const env = { STAGE: "test", VERSION: "1.2.3" };
const timeMs = Date.parse("2026-11-24T03:57:01.500Z");

function observed(reported: Task | Route = row) {
  const lines: string[] = [];
  const recorder = new Recorder();
  const observe = observer(reported, env, {
    now: () => timeMs,
    writeLine: (line) => lines.push(line),
    recorder,
  });
  return {
    observe,
    recorder,
    raw: lines,
    lines: () => lines.map((line) => JSON.parse(line)),
  };
}

const contextOf = (remainingMs = 10_000): Context =>
  ({
    awsRequestId: "request-1",
    memoryLimitInMB: "512",
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;

test("an invocation is one line: metrics by operation and stage, inner ones by stage, the rest properties", async () => {
  const { observe, recorder, lines } = observed();
  const check = performanceMonitor({ operation: "check", budgetMs: 5 }, recorder)(() => true);
  const handler = task(async () => [check(), check()].length, { observe });
  await expect(handler({}, contextOf())).resolves.toBe(2);
  expect(lines()).toHaveLength(1);
  const [line] = lines();
  expect(line._aws).toEqual({
    Timestamp: timeMs,
    CloudWatchMetrics: [
      {
        Namespace: "ManufacturerSecurity",
        Dimensions: [["operation", "stage"]],
        Metrics: [
          { Name: "durationMs", Unit: "Milliseconds" },
          { Name: "errors", Unit: "Count" },
          { Name: "coldStarts", Unit: "Count" },
        ],
      },
      {
        Namespace: "ManufacturerSecurity",
        Dimensions: [["stage"]],
        Metrics: [{ Name: "checkMs", Unit: "Milliseconds" }],
      },
    ],
  });
  expect(line).toMatchObject({
    operation: "doWork",
    stage: "test",
    version: "1.2.3",
    status: 200,
    errors: 0,
    coldStarts: 1,
    budgetMs: 50,
    memoryLimitMb: 512,
    reservedConcurrency: 7,
    requestId: "request-1",
    checkMs: [expect.any(Number), expect.any(Number)],
  });
  for (const use of ["durationMs", "memoryMb", "cpuMs", "eventLoopBusyMs"]) {
    expect(line[use], use).toBeGreaterThanOrEqual(0);
  }
});

test("only the first invocation of an environment is a cold start, with its init duration on Lambda", async () => {
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
  try {
    const { observe, lines } = observed();
    const handler = task(async () => undefined, { observe });
    for (let call = 0; call < 3; call++) await handler({}, contextOf());
    expect(lines().map((line) => [line.coldStarts, typeof line.initDurationMs])).toEqual([
      [1, "number"],
      [0, "undefined"],
      [0, "undefined"],
    ]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("concurrent invocations of a task are timed apart", async () => {
  const { observe, lines } = observed();
  const gate = Promise.withResolvers<void>();
  const handler = task((wait: boolean) => (wait ? gate.promise : Promise.resolve()), {
    observe,
  });
  const slow = handler(true, contextOf());
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < 5);
  await handler(false, contextOf());
  gate.resolve();
  await slow;
  const [fast, waited] = lines();
  expect(waited.durationMs - fast.durationMs).toBeGreaterThanOrEqual(4);
});

describe("an invocation that the time-out would end", () => {
  test("is reported before, as a failure, and not again when it ends after all", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { observe, lines } = observed();
      const gate = Promise.withResolvers<void>();
      const running = task(() => gate.promise, { observe })({}, contextOf(3_000));
      await vi.advanceTimersByTimeAsync(2_799);
      expect(lines()).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(100);
      expect(lines()).toMatchObject([{ status: 503, errors: 1, problemCode: "timeout" }]);
      gate.resolve();
      await running;
      expect(lines()).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is reported even while the caller is being authenticated, which the wrap cannot stop", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const route = {
        operationId: "readThing",
        domain: "performance",
        summary: "",
        method: "GET",
        path: "/v1/thing",
        access: "member",
        success: { status: 204 },
        problems: [],
        uses: [],
        latencyBudgetMs: 50,
      } as const satisfies Route;
      const { observe, lines } = observed(route);
      const handler = operation(route, async () => undefined, {
        observe,
        authenticate: () => new Promise(() => {}),
        recordRefusal: async () => undefined,
      });
      const requestContext = { http: { sourceIp: "127.0.0.1", userAgent: "test" } };
      void handler({ headers: {}, requestContext } as never, contextOf(3_000));
      await vi.advanceTimersByTimeAsync(2_900);
      expect(lines()).toMatchObject([{ operation: "readThing", status: 503 }]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("leaves no timer behind when it ends in time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { observe } = observed();
      await task(async () => undefined, { observe })({}, contextOf());
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a line read back", () => {
  test("contributes the call, its resources and every inner call to the five minutes it fell into", async () => {
    const { observe, recorder, raw } = observed();
    const step = performanceMonitor({ operation: "step", budgetMs: 1_000 }, recorder)(() => {});
    const handler = task(
      async () => {
        for (let call = 0; call < 1_000; call++) step();
      },
      { observe },
    );
    await handler({}, contextOf());
    const [whole, inner] = readMetricLine(String(raw[0]));
    expect(whole?.facts).toEqual({
      operation: "doWork",
      kind: "invocation",
      version: "1.2.3",
      budgetMs: 50,
      memoryLimitMb: 512,
      reservedConcurrency: 7,
      architecture: process.arch,
    });
    expect(whole?.rollup).toMatchObject({
      version: "1.2.3",
      startMs: Date.parse("2026-11-24T03:55:00Z"),
      counters: { calls: 1, failures: 0, coldStarts: 1 },
    });
    expect(whole?.rollup.series.memory.total).toBe(1);
    expect(inner?.facts).toEqual({
      operation: "step",
      kind: "inner",
      version: "1.2.3",
      budgetMs: 1_000,
    });
    expect(inner?.rollup.counters).toMatchObject({ calls: 1_000, breaches: 0 });
    expect(inner?.rollup.series.latency.total).toBe(1_000);
  });

  test("of more inner calls than CloudWatch takes carries 100 values with the same percentiles", async () => {
    const { observe, recorder, lines } = observed();
    const meter = recorder.meter({ operation: "step", budgetMs: 1_000 });
    for (let value = 1; value <= 5_000; value++) meter.record(value / 50);
    observe({ requestId: "r", status: 200, durationMs: 1 });
    const { stepMs } = lines()[0];
    expect(stepMs).toHaveLength(100);
    expect(stepMs[49] / 50).toBeCloseTo(1, 1);
    expect(stepMs[98] / 99).toBeCloseTo(1, 1);
  });

  test("a failed call counts as a failure and as a breach, however fast it was", () => {
    const { observe, raw } = observed();
    observe({ requestId: "r", status: 500, durationMs: 1, cause: undefined });
    observe({ requestId: "r", status: 404, durationMs: 1 });
    observe({ requestId: "r", status: 200, durationMs: 51 });
    expect(
      raw.map((line) => {
        const { failures, breaches } = readMetricLine(line)[0]?.rollup.counters ?? {};
        return [failures, breaches];
      }),
    ).toEqual([
      [1, 1],
      [0, 0],
      [0, 1],
    ]);
  });

  test.each(["", "START RequestId", "{}", "[1]", '{"_aws":{"Timestamp":1},"operation":"x"}'])(
    "is nothing where it is no metric line: %s",
    (text) => expect(readMetricLine(text)).toEqual([]),
  );
});

test("secrets have no way into a line: only named fields are written", () => {
  const { observe, raw } = observed();
  const invocation = { requestId: "r", status: 200, durationMs: 1, password: "hunter2" };
  observe(invocation);
  expect(raw[0]).not.toContain("hunter2");
});
