import { randomBytes, randomUUID } from "node:crypto";
import { InvokeStore, InvokeStoreBase } from "@aws/lambda-invoke-store";
import type { Context } from "aws-lambda";
import type { FunctionRow, Route, Task } from "../lib/http/route.ts";
import { accountId, region } from "./aws-account.ts";
import type { LambdaHandler } from "./function-environment.ts";
import { loadFunction } from "./function-environment.ts";
import type { StackClock } from "./stack-clock.ts";

export interface LogLine {
  operationId: string;
  stream: "stdout" | "stderr";
  line: string;
  /** Epoch ms on the stack's clock. */
  timeMs: number;
}

export interface FunctionHostOptions {
  rows: readonly (Route | Task)[];
  bundlePathOf: (row: FunctionRow) => string;
  variablesOf: (row: Route | Task) => Readonly<Record<string, string>>;
  clock: StackClock;
  onLogLine: (line: LogLine) => void;
  /** Environments of each function; invocations go round them in turn. */
  environments?: number | undefined;
}

export interface FunctionHost {
  /** @throws what the handler throws, or FunctionTimeout */
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  /** Forgets all environments, or one function's: its next invocation is a cold start. */
  coldStart: (operationId?: string) => void;
}

/** The function ran longer than its row allows. */
export class FunctionTimeout extends Error {
  constructor(operationId: string, timeoutSeconds: number) {
    super(`${operationId} timed out after ${timeoutSeconds} seconds`);
    this.name = "FunctionTimeout";
  }
}

const defaultTimeoutSeconds = 10;
export const defaultMemoryMb = 512;

/** Runs every function of the product in this process, each in environments of its own. */
export function createFunctionHost({
  rows,
  bundlePathOf,
  variablesOf,
  clock,
  onLogLine,
  environments = 1,
}: FunctionHostOptions): FunctionHost {
  const rowById = new Map(rows.map((row) => [row.operationId, row]));
  const loaded = new Map<string, LambdaHandler>();
  const turns = new Map<string, number>();

  const load = (row: Route | Task): LambdaHandler =>
    loadFunction({
      bundlePath: bundlePathOf(row),
      variables: variablesOf(row),
      Date: clock.Date,
      onLine: (stream, line) =>
        onLogLine({ operationId: row.operationId, stream, line, timeMs: clock.now() }),
    });

  const invoke = async (operationId: string, event: unknown): Promise<unknown> => {
    const row = rowById.get(operationId);
    if (!row) throw new Error(`there is no function ${operationId}`);
    // Before any bundle: the logger and the metrics look for it when they are made.
    const invocations = await invocationStore();
    const turn = turns.get(operationId) ?? 0;
    turns.set(operationId, (turn + 1) % environments);
    const environment = `${operationId}.${turn}`;
    const handler = loaded.get(environment) ?? load(row);
    loaded.set(environment, handler);
    try {
      return await run(handler, event, row, invocations);
    } catch (error) {
      // Lambda ends an environment whose handler hangs or lets an error out.
      loaded.delete(environment);
      throw error;
    }
  };

  const coldStart = (operationId?: string): void => {
    for (const environment of loaded.keys()) {
      if (operationId === undefined || environment.startsWith(`${operationId}.`)) {
        loaded.delete(environment);
      }
    }
  };
  return { invoke, coldStart };
}

async function run(
  handler: LambdaHandler,
  event: unknown,
  row: FunctionRow,
  invocations: InvokeStoreBase,
): Promise<unknown> {
  const { operationId, timeoutSeconds = defaultTimeoutSeconds } = row;
  const deadlineMs = performance.now() + timeoutSeconds * 1000;
  const context = lambdaContext(row, () => Math.max(0, deadlineMs - performance.now()));
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new FunctionTimeout(operationId, timeoutSeconds)),
    timeoutSeconds * 1000,
  );
  try {
    return await Promise.race([
      invocations.run(invocationOf(context), async () => handler(event, context)),
      timeout,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Lambda's own place for what belongs to one invocation when several share an environment, as they
 * do here: what the logger and the metrics collect does not mix.
 */
const invocationStore = () => InvokeStore.getInstanceAsync(true);

const invocationOf = ({ awsRequestId }: Context) => ({
  [InvokeStoreBase.PROTECTED_KEYS.REQUEST_ID]: awsRequestId,
  [InvokeStoreBase.PROTECTED_KEYS.X_RAY_TRACE_ID]:
    `Root=1-${randomBytes(4).toString("hex")}-${randomBytes(12).toString("hex")};Sampled=0`,
});

function lambdaContext(row: FunctionRow, getRemainingTimeInMillis: () => number): Context {
  const { operationId, memoryMb = defaultMemoryMb } = row;
  const unsupported = () => {
    throw new Error("answer by returning a promise");
  };
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName: operationId,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${operationId}`,
    memoryLimitInMB: String(memoryMb),
    logGroupName: "local",
    logStreamName: operationId,
    getRemainingTimeInMillis,
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}
