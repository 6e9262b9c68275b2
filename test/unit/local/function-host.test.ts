import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Task } from "../../../lib/http/route.ts";
import type { LogLine } from "../../../local/function-host.ts";
import { createFunctionHost } from "../../../local/function-host.ts";
import { createStackClock } from "../../../local/stack-clock.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const task = (operationId: string): Task => ({
  operationId,
  domain: "platform",
  summary: "",
  uses: [],
  triggers: [],
  latencyBudgetMs: 1,
  timeoutSeconds: 0.05,
});

/** A host of functions whose sources are given by name. */
function hostOf(sources: Record<string, string>, environments?: number) {
  const directory = temporaryDirectory();
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, "index.js"), source);
  }
  const clock = createStackClock();
  const lines: LogLine[] = [];
  const host = createFunctionHost({
    rows: Object.keys(sources).map(task),
    bundlePathOf: ({ operationId }) => join(directory, operationId, "index.js"),
    variablesOf: ({ operationId }) => ({ NAME: operationId }),
    clock,
    onLogLine: (line) => lines.push(line),
    environments,
  });
  return { ...host, clock, lines };
}

test("each function sees its own variables and neither the host's nor what another one set", async () => {
  const telling = 'exports.handler = async () => require("node:process").env;';
  const { invoke } = hostOf({
    first: `process.env.SET_BY_FIRST = "x"; ${telling}`,
    second: telling,
  });
  expect(await invoke("first", {})).toEqual({ NAME: "first", SET_BY_FIRST: "x" });
  expect(await invoke("second", {})).toEqual({ NAME: "second" });
  expect(process.env).not.toHaveProperty("NAME");
});

test("module scope runs once per environment, and once more after a cold start", async () => {
  const counting = "let calls = 0; exports.handler = async () => (calls += 1);";
  const { invoke, coldStart } = hostOf({ counting });
  expect([await invoke("counting", {}), await invoke("counting", {})]).toEqual([1, 2]);
  coldStart();
  expect(await invoke("counting", {})).toBe(1);
});

test("several environments of a function share nothing and are used in turn", async () => {
  const counting = "let calls = 0; exports.handler = async () => (calls += 1);";
  const { invoke } = hostOf({ counting }, 3);
  const counts: unknown[] = [];
  for (let call = 0; call < 6; call += 1) counts.push(await invoke("counting", {}));
  expect(counts).toEqual([1, 1, 1, 2, 2, 2]);
});

test("functions live at the clock of the stack", async () => {
  const source = "exports.handler = async () => [Date.now(), new Date().getTime()];";
  const { invoke, clock } = hostOf({ telling: source });
  clock.advance(7 * 86_400);
  for (const nowMs of (await invoke("telling", {})) as number[]) {
    expect(Math.abs(nowMs - clock.now())).toBeLessThan(1000);
  }
});

test("what a function writes is kept line by line under its name, and not printed", async () => {
  const writing = `exports.handler = async () => {
    process.stdout.write("one\\ntw");
    console.error("bad");
    process.stdout.write("o\\n");
  };`;
  const { invoke, lines } = hostOf({ writing });
  await invoke("writing", {});
  expect(lines.map(({ operationId, stream, line }) => `${operationId} ${stream} ${line}`)).toEqual([
    "writing stdout one",
    "writing stderr bad",
    "writing stdout two",
  ]);
});

test("a handler gets a Lambda context whose remaining time runs down", async () => {
  const source = `exports.handler = async (event, context) => ({
    event, name: context.functionName, id: context.awsRequestId, left: context.getRemainingTimeInMillis() });`;
  const { invoke } = hostOf({ telling: source });
  const [first, second] = (await Promise.all([invoke("telling", 1), invoke("telling", 2)])) as {
    id: string;
    left: number;
  }[];
  expect(first).toMatchObject({ event: 1, name: "telling" });
  expect(first?.id).not.toBe(second?.id);
  expect(first?.left).toBeGreaterThan(0);
  expect(first?.left).toBeLessThanOrEqual(50);
});

test("a handler that hangs is timed out and its environment ended", async () => {
  const hanging = `let calls = 0;
    exports.handler = () => { calls += 1; return calls === 2 ? new Promise(() => {}) : calls; };`;
  const { invoke } = hostOf({ hanging });
  expect(await invoke("hanging", {})).toBe(1);
  await expect(invoke("hanging", {})).rejects.toMatchObject({ name: "FunctionTimeout" });
  expect(await invoke("hanging", {})).toBe(1);
});

test("what a handler throws reaches the caller, a bundle that does not load is tried again", async () => {
  const { invoke } = hostOf({
    failing: 'exports.handler = () => { throw new Error("no"); };',
    broken: 'throw new Error("init");',
    empty: "",
  });
  await expect(invoke("failing", {})).rejects.toThrow("no");
  await expect(invoke("broken", {})).rejects.toThrow("init");
  await expect(invoke("broken", {})).rejects.toThrow("init");
  await expect(invoke("empty", {})).rejects.toThrow("exports no handler");
  await expect(invoke("absent", {})).rejects.toThrow("no function absent");
});

test("what belongs to one invocation does not mix with another that runs at the same time", async () => {
  const source = `exports.handler = async (wait, context) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return globalThis.awslambda.InvokeStore.getRequestId() === context.awsRequestId;
  };`;
  const { invoke } = hostOf({ telling: source });
  expect(await Promise.all([20, 1, 10].map((wait) => invoke("telling", wait)))).toEqual([
    true,
    true,
    true,
  ]);
});
