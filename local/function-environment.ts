import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import type { Context } from "aws-lambda";
import type { OnLine } from "./function-process.ts";
import { createFunctionProcess } from "./function-process.ts";

export type LambdaHandler = (event: unknown, context: Context) => unknown;

export interface EnvironmentOptions {
  /** The CommonJS bundle that exports `handler`. */
  bundlePath: string;
  variables: Readonly<Record<string, string>>;
  Date: DateConstructor;
  onLine: OnLine;
}

const parameters = [
  "exports",
  "require",
  "module",
  "__filename",
  "__dirname",
  "process",
  "console",
  "Date",
] as const;

/**
 * Loads a function's bundle as a Lambda execution environment would: module scope runs once, with
 * environment variables, output and clock of its own. Loaded twice, it shares nothing with itself.
 *
 * It runs in this process, because a process or a thread per function would cost a hundred times as
 * much to start; globals beyond those named are shared.
 */
export function loadFunction({
  bundlePath,
  variables,
  Date: ownDate,
  onLine,
}: EnvironmentOptions): LambdaHandler {
  const { process, console } = createFunctionProcess(variables, onLine);
  const requireReal = createRequire(bundlePath);
  const requireOwn = (name: string): unknown =>
    name === "process" || name === "node:process" ? process : requireReal(name);
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const run = compileFunction(readFileSync(bundlePath, "utf8"), parameters, {
    filename: bundlePath,
  });
  const directory = dirname(bundlePath);
  run(module.exports, requireOwn, module, bundlePath, directory, process, console, ownDate);
  const { handler } = module.exports;
  if (typeof handler !== "function") throw new Error(`${bundlePath} exports no handler`);
  return handler as LambdaHandler;
}
