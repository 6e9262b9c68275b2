/**
 * Loads the local stack over HTTP and prints what it does: each operation alone, as ratios to a bare
 * handler behind the same gateway; then a realistic mix, with its memory over time; then far more
 * than it is built for. Exits with 1 when a request hangs, breaks off or is answered out of turn.
 *
 *     npm run bench:load -- [--minutes 1] [--rate 60] [--seconds 5]
 */
import { parseArgs } from "node:util";
import type { Request, Result } from "autocannon";
import autocannon from "autocannon";
import { printMemory, watchMemory } from "./load/memory.ts";
import type { LoadOperation } from "./load/operations.ts";
import { loadOperations } from "./load/operations.ts";
import type { Host } from "./load/start-host.ts";
import { startHost } from "./load/start-host.ts";

const connections = 4;
/** More at once than the stage's burst and the account's concurrency together. */
const crowd = 1600;
/** Few connections alone may ask for more than the 1,000 a second that the stage lets in. */
const throttled = 429;
const answerTimeoutSeconds = 60;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    rate: { type: "string", default: "60" },
    seconds: { type: "string", default: "5" },
  },
});

const bareRequest: Request = {
  method: "POST",
  path: "/v1/bare",
  headers: { "content-type": "application/json" },
  body: "{}",
};

const problems: string[] = [];

const cannon = (
  host: Host,
  request: Request,
  options: Partial<autocannon.Options>,
): Promise<Result> =>
  autocannon({
    url: request === bareRequest ? host.bareUrl : host.url,
    connections,
    timeout: answerTimeoutSeconds,
    requests: [request],
    ...options,
  });

/** Notes whatever is neither an answer of the expected kind nor there in time. */
function hold(name: string, result: Result, expected: readonly number[]): void {
  const { errors, timeouts, statusCodeStats = {} } = result;
  if (errors + timeouts > 0) problems.push(`${name}: ${errors} broken off, ${timeouts} timed out`);
  for (const [status, stats] of Object.entries(statusCodeStats)) {
    if (!expected.includes(Number(status))) problems.push(`${name}: ${stats?.count} x ${status}`);
  }
}

const row = (cells: readonly (string | number)[]): string =>
  cells
    .map((text, index) =>
      index === 0 ? `  ${String(text).padEnd(10)}` : String(text).padStart(11),
    )
    .join("");

async function measureAlone(host: Host, operations: readonly LoadOperation[]): Promise<void> {
  console.log(
    `\neach alone, ${connections} connections, ${values.seconds} s; x: of the bare handler`,
  );
  console.log(row(["", "a second", "p50 ms", "p99 ms", "CPU ms", "CPU x", "mean x"]));
  let floor: { cpuMs: number; mean: number } | undefined;
  for (const { name, request } of [{ name: "bare", request: bareRequest }, ...operations]) {
    await cannon(host, request, { amount: 50 });
    const before = await host.usage();
    const result = await cannon(host, request, { duration: Number(values.seconds) });
    const after = await host.usage();
    hold(name, result, [200, throttled]);
    const { requests, latency } = result;
    const cpuMs = (after.cpuMicroseconds - before.cpuMicroseconds) / 1000 / requests.total;
    floor ??= { cpuMs, mean: latency.average };
    const ratios = [cpuMs / floor.cpuMs, latency.average / floor.mean];
    const perSecond = requests.average.toFixed(0);
    console.log(
      row([
        name,
        perSecond,
        latency.p50,
        latency.p99,
        cpuMs.toFixed(2),
        ...ratios.map((ratio) => ratio.toFixed(1)),
      ]),
    );
  }
}

async function measureMix(host: Host, operations: readonly LoadOperation[]): Promise<void> {
  const rate = Number(values.rate);
  const durationSeconds = Math.round(Number(values.minutes) * 60);
  console.log(`\nmixed, ${rate} a second for ${durationSeconds} s`);
  const memory = watchMemory(host);
  const results = await Promise.all(
    operations.map(async (operation) => {
      const overallRate = Math.max(1, Math.round((rate * operation.share) / 100));
      const options = { duration: durationSeconds, overallRate };
      const few = Math.min(connections, overallRate);
      const result = await cannon(host, operation.request, { ...options, connections: few });
      hold(`mixed ${operation.name}`, result, [200, throttled]);
      return { ...operation, result };
    }),
  );
  const samples = await memory.stop();
  console.log(row(["", "share %", "answers", "p50 ms", "p99 ms", "longest ms", "not 2xx"]));
  for (const { name, share, result } of results) {
    const { latency, requests, non2xx } = result;
    console.log(row([name, share, requests.total, latency.p50, latency.p99, latency.max, non2xx]));
  }
  const total = results.reduce((sum, { result }) => sum + result.requests.total, 0);
  console.log(
    row(["all", "", total, "", "", "", ""]),
    `${(total / durationSeconds).toFixed(0)} a second`,
  );
  printMemory(samples);
}

async function measureCrowd(host: Host, operations: readonly LoadOperation[]): Promise<void> {
  console.log(`\n${crowd} connections at once, two requests each`);
  console.log(row(["", "200", "429", "503", "longest ms", "hanging"]));
  for (const { name, request } of operations.filter(({ name }) => name !== "refresh")) {
    const result = await cannon(host, request, { connections: crowd, amount: 2 * crowd });
    hold(`crowd ${name}`, result, [200, throttled, 503]);
    const { statusCodeStats = {}, latency, timeouts, errors } = result;
    const counts = ([200, 429, 503] as const).map(
      (status) => statusCodeStats[`${status}`]?.count ?? 0,
    );
    console.log(row([name, ...counts, latency.max, timeouts + errors]));
  }
}

const host = await startHost();
try {
  const operations = loadOperations(host.tenants);
  await measureAlone(host, operations);
  await measureMix(host, operations);
  await measureCrowd(host, operations);
} finally {
  await host.close();
}
console.log(problems.length === 0 ? "\nnothing hung, broke off or was answered out of turn" : "");
for (const problem of problems) console.log(problem);
process.exit(problems.length === 0 ? 0 : 1);
