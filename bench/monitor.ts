/**
 * Prints what monitoring costs: CPU time added per operation and per invocation against the same
 * code without it, in one ABBA-interleaved run, median of rounds; beside prom-client and Powertools.
 *
 *     npm install --prefix bench   (once, for the peers)
 *     node bench/monitor.ts
 */
import { openSync, writeSync } from "node:fs";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { observer } from "../lib/http/observe.ts";
import type { Task } from "../lib/http/route.ts";
import { task } from "../lib/http/task.ts";
import { performanceMonitor, Recorder } from "../lib/performance/monitor.ts";
import { measureInterleaved } from "./measure.ts";
import { powertoolsLine, prometheusTimer } from "./monitoring/peers.ts";

const row = {
  operationId: "bench",
  domain: "performance",
  summary: "",
  triggers: [{ kind: "invoke" }],
  uses: [],
  latencyBudgetMs: 100,
} as const satisfies Task;

const environment = { STAGE: "bench", VERSION: "1" };
const context = {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  memoryLimitInMB: "512",
  getRemainingTimeInMillis: () => 10_000,
} as Context;

const nowhere = openSync("/dev/null", "w");
const toNowhere = (line: string): void => {
  writeSync(nowhere, `${line}\n`);
};

type Contender = readonly [name: string, run: () => unknown];

/** The first contender is what the others are compared with. */
async function compare(title: string, contenders: readonly Contender[]): Promise<void> {
  const figures = await measureInterleaved(contenders.map(([, run]) => run));
  const [bare = 0, ours = 0] = figures;
  console.log(`\n${title}`);
  for (const [index, [name]] of contenders.entries()) {
    const microseconds = figures[index] ?? 0;
    const added = microseconds - bare;
    const ratio = index < 2 ? "" : `${(added / (ours - bare)).toFixed(1)} x ours`;
    console.log(
      `  ${name.padEnd(52)} ${microseconds.toFixed(3).padStart(9)} us   added ${added.toFixed(3).padStart(8)} us   ${ratio}`,
    );
  }
}

const recorder = new Recorder();
const monitor = performanceMonitor({ operation: "step", budgetMs: 5 }, recorder);

let calls = 0;
const step = (): number => ++calls;
const asyncStep = async (): Promise<number> => ++calls;
const timeWithPrometheus = await prometheusTimer();
const writeWithPowertools = await powertoolsLine(toNowhere);
if (!timeWithPrometheus || !writeWithPowertools) {
  console.log("peers are not installed (npm install --prefix bench): theirs are left out");
}

await compare("an operation, synchronous", [
  ["bare", step],
  ["performanceMonitor", monitor(step)],
  ...(timeWithPrometheus
    ? [["prom-client histogram.startTimer", () => timeWithPrometheus(step)] as const]
    : []),
]);

await compare("an operation, asynchronous", [
  ["bare", asyncStep],
  ["performanceMonitor", monitor(asyncStep)],
]);

const handler = async (): Promise<undefined> => undefined;
const invoke = (wrapped: (event: object, context: Context) => unknown) => () =>
  wrapped({}, context);
const bareMiddy = middy<object, undefined>().handler(handler);
const monitored = middy<object, undefined>().use(monitor).handler(handler);
const observed = (writeLine: (line: string) => void) =>
  task(handler, {
    observe: observer(row, environment, { writeLine, recorder: new Recorder() }),
  });
const withPowertools = middy<object, undefined>()
  .use({
    before: ({ internal }) => {
      internal["startedAtMs"] = performance.now();
    },
    after: ({ internal }) =>
      writeWithPowertools?.(performance.now() - Number(internal["startedAtMs"])),
  })
  .handler(handler);

await compare("an invocation, measured", [
  ["bare Middy", invoke(bareMiddy)],
  ["Middy + performanceMonitor", invoke(monitored)],
]);

await compare("an invocation, reported: metrics, resources, time-out timer", [
  ["bare Middy", invoke(bareMiddy)],
  ["the wrap, line made and written to /dev/null", invoke(observed(toNowhere))],
  ["the wrap, line made, not written", invoke(observed(() => undefined))],
  ...(writeWithPowertools
    ? [["Middy + Powertools, one metric, to /dev/null", invoke(withPowertools)] as const]
    : []),
]);
