import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { routes } from "../../lib/routes.ts";
import type { LogLine } from "../../local/function-host.ts";
import type { Stack } from "../../local/stack.ts";
import { startStack } from "../../local/stack.ts";
import { installPythonPackage, Unavailable } from "../support/python-package.ts";
import { callers } from "./callers.ts";
import { runSchemathesis } from "./run-schemathesis.ts";

const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
const packages = ["schemathesis==4.32.5"] as const;

/** They end the session or close what others need, so they come last, by themselves. */
const ending = ["endSession", "signOut", "revokeKeyVersion"];

interface Outcome {
  caller: string;
  status: number;
  answers: string[];
  failures: string | undefined;
}

/**
 * Fuzzes the contract on a local stack, as every kind of caller in turn.
 *
 *     npm run test:fuzz -- [--seed N] [--examples N] [--caller NAME]
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      examples: { type: "string", default: "20" },
      caller: { type: "string" },
    },
  });
  const command = await installPythonPackage(cache, packages);
  const directory = mkdtempSync(join(tmpdir(), "manufacturer-security-fuzz-"));
  const outcomes: Outcome[] = [];
  try {
    for (const caller of values.caller === undefined ? Object.keys(callers) : [values.caller]) {
      const settings = { seed: Number(values.seed), examples: Number(values.examples), directory };
      outcomes.push(await fuzzAs(caller, command, settings));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  print(outcomes, values.seed);
  return outcomes.every(({ status }) => status === 0) ? 0 : 1;
}

async function fuzzAs(
  name: string,
  command: string,
  settings: { seed: number; examples: number; directory: string },
): Promise<Outcome> {
  const makeCaller = callers[name];
  if (!makeCaller) throw new Error(`${name} is none of ${Object.keys(callers).join(", ")}`);
  // Of each caller its own, so that nothing depends on who came before. Whatever breaks its row's
  // promise is a 599, which no contract documents.
  const stack = await startStack({ validateResponses: true, sourceBudgetFactor: 1000 });
  try {
    const token = await makeCaller(stack);
    const lines = stack.logLines().length;
    const options = { ...settings, url: stack.url, token };
    const main = await runSchemathesis(command, { ...options, operations: { exclude: ending } });
    const last = await runSchemathesis(command, { ...options, operations: { include: ending } });
    const failed = [main, last].filter(({ status }) => status !== 0);
    for (const { output } of failed) console.log(output);
    return {
      caller: name,
      status: failed.length,
      answers: answersOf(stack.logLines().slice(lines)),
      failures: failed.map(({ output }) => /\d+ failures?/.exec(output)?.[0] ?? "stopped").join(),
    };
  } finally {
    await stack.close();
  }
}

const operationIds = new Set(routes.map(({ operationId }) => operationId));

/** Operation and status of every answer, from the line that each invocation writes. */
const answersOf = (lines: ReturnType<Stack["logLines"]>): string[] =>
  lines
    .filter(({ operationId, line }: LogLine) => operationIds.has(operationId) && line[0] === "{")
    .map(({ operationId, line }) => [operationId, (JSON.parse(line) as { status?: number }).status])
    .filter(([, status]) => status !== undefined)
    .map(([operationId, status]) => `${operationId} ${status}`);

function print(outcomes: readonly Outcome[], seed: string): void {
  console.log(`\nseed ${seed}, ${routes.length} operations`);
  console.log("caller      answers  2xx on operations    2xx    4xx    5xx  findings");
  for (const { caller, answers, failures, status } of outcomes) {
    const count = (first: string) => answers.filter((answer) => answer.at(-3) === first).length;
    const reached = new Set(answers.filter((answer) => answer.at(-3) === "2"));
    const operations = new Set([...reached].map((answer) => answer.split(" ")[0]));
    const cells = [answers.length, operations.size, count("2"), count("4"), count("5")];
    const [all, some, ...counts] = cells.map(String);
    console.log(
      `${caller.padEnd(10)} ${all?.padStart(8)} ${some?.padStart(18)} ${counts.map((text) => text.padStart(6)).join(" ")}  ${status === 0 ? "none" : failures}`,
    );
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.log(`skipped: fuzzing ${error.message}`);
}
