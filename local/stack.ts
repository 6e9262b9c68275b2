import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundlePathOf } from "../infra/build.ts";
import { throttle } from "../infra/throttle.ts";
import type { TableName } from "../lib/aws/tables.ts";
import type { FunctionRow } from "../lib/http/route.ts";
import { routes, tasks } from "../lib/routes.ts";
import type { CallCounts } from "./call-counter.ts";
import { createControl } from "./control.ts";
import type { SentEmail } from "./email-service.ts";
import type { BusEvent } from "./event-bus.ts";
import type { EmulatedService, FaultInput } from "./faults.ts";
import type { LogLine } from "./function-host.ts";
import { createFunctionHost } from "./function-host.ts";
import { functionVariables } from "./function-variables.ts";
import { startGateway } from "./gateway.ts";
import { createLimits } from "./limits.ts";
import { createStackClock } from "./stack-clock.ts";
import type { Messaging } from "./start-messaging.ts";
import { startMessaging } from "./start-messaging.ts";
import type { Services } from "./start-services.ts";
import { startServices } from "./start-services.ts";

export interface StackOptions {
  /** Of the gateway; 0 or nothing takes a free one. */
  port?: number | undefined;
  /** Where all data lives, made if absent; without it everything is in memory. */
  dataDirectory?: string | undefined;
  /** Answers 599 to whatever breaks a route's promise. */
  validateResponses?: boolean | undefined;
  /** Multiplies what one source may spend on public operations, as the setting of that name does; 1 unless said. */
  sourceBudgetFactor?: number | undefined;
  /** E-mails that are sent within an hour at most, as the setting of that name says; 2,000 unless said. */
  mailsPerHour?: number | undefined;
  /** Environments of each function; invocations go round them in turn. */
  environments?: number | undefined;
  /** Other servers to use instead of the emulators. */
  external?: Readonly<Partial<Record<EmulatedService, string>>> | undefined;
  /** Told of what a function threw; standard error unless said. */
  onFailure?: ((operationId: string, error: unknown) => void) | undefined;
}

export interface Stack {
  /** The gateway's, which is also the tokens' issuer. */
  url: string;
  /** Of the proxies: calls are counted and faults injected for whoever uses them. */
  endpoints: Readonly<Record<EmulatedService, string>>;
  tableNames: Readonly<Record<TableName, string>>;
  /**
   * Runs a function by name, as an administrator would through IAM.
   *
   * @throws what the function throws
   */
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  /** Calls to each service since the last reset, retries included. */
  calls: () => CallCounts;
  resetCalls: () => void;
  /** The newest lines that functions wrote, oldest first. */
  logLines: () => readonly LogLine[];
  /** Domain events published so far. */
  events: () => readonly BusEvent[];
  /** E-mails sent so far. */
  outbox: () => readonly SentEmail[];
  advanceClock: (seconds: number) => void;
  /** Epoch ms, as the functions see it. */
  now: () => number;
  faults: (fault: FaultInput) => void;
  /** Resolves once streams, events and log lines written so far have been worked off. */
  settled: () => Promise<void>;
  /** Makes the next invocation of each function, or of one, a cold start. */
  coldStart: (operationId?: string) => void;
  /** Ends the database like a crash and starts it on what it had written. */
  restartDatabase: () => Promise<void>;
  close: () => Promise<void>;
}

const bundleDirectory = fileURLToPath(new URL("../dist", import.meta.url));
const logLinesMax = 10_000;
/** As many as still answer within the time-outs of their clients, cold and on two cores. */
const runningMax = 8;
/** Less than a client of the API waits. */
const waitMaxMs = 10_000;

/**
 * Starts the whole product on this machine from the bundles in `dist/`: the functions, an HTTP API in
 * front of them, and stand-ins for the AWS services behind them. Serves on the loopback interface only.
 *
 * @throws Error when the port or the data directory is in use
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closeNext of closers.splice(0)) await closeNext();
  };
  try {
    return await assemble(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  options: StackOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Stack> {
  const { port, dataDirectory, validateResponses, environments, external, onFailure } = options;
  const { sourceBudgetFactor = 1, mailsPerHour = 2000 } = options;
  if (dataDirectory) mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const clock = createStackClock();
  const { now } = clock;
  const report = onFailure ?? reportFailure;
  const ready = Promise.withResolvers<Stack>();
  const limited = createLimits({
    rows: routes,
    throttle,
    runningMax,
    waitMaxMs,
    now: () => performance.now(),
  });
  const gateway = await startGateway({
    routes,
    now,
    port,
    validateResponses,
    onFailure: report,
    invoke: async (operationId, event) => {
      await ready.promise;
      return limited(operationId, () => host.invoke(operationId, event));
    },
    control: async (...request) => createControl(await ready.promise, tasks)(...request),
  });
  closers.push(gateway.close);
  const services = await startServices({ now, directory: dataDirectory, external });
  closers.push(services.close);

  const logLines: LogLine[] = [];
  const host = createFunctionHost({
    rows: [...routes, ...tasks],
    clock,
    environments,
    bundlePathOf: (row: FunctionRow) => join(bundleDirectory, bundlePathOf(row), "index.js"),
    variablesOf: (row) =>
      functionVariables(row, {
        url: gateway.url,
        keyArns: services.keyArns,
        sourceBudgetFactor,
        mailsPerHour,
        tableNames: services.database.tableNames,
        endpoints: { ...services.endpoints, ...messaging.endpoints },
      }),
    onLogLine: (line) => {
      if (logLines.push(line) > logLinesMax) logLines.shift();
      messaging.addLogLine(line);
    },
  });
  const messaging = await startMessaging({
    tasks,
    now,
    database: services.database,
    directory: dataDirectory,
    invoke: (operationId, event) => host.invoke(operationId, event),
    onFailure: report,
  });
  // First, so that nothing is begun on services that are about to go.
  closers.unshift(messaging.close);

  const invoke = async (operationId: string, event: unknown) =>
    throughJson(await host.invoke(operationId, throughJson(event)));
  for (const { operationId, triggers } of tasks) {
    if (triggers.some(({ kind }) => kind === "deployment")) await invoke(operationId, {});
  }
  messaging.start();
  const stack: Stack = {
    ...views(services, messaging),
    url: gateway.url,
    invoke,
    logLines: () => logLines,
    advanceClock: clock.advance,
    now,
    coldStart: host.coldStart,
    close,
  };
  ready.resolve(stack);
  return stack;
}

const views = (services: Services, messaging: Messaging) => ({
  endpoints: services.endpoints,
  tableNames: services.database.tableNames,
  calls: services.calls.counts,
  resetCalls: services.calls.reset,
  faults: services.faults.set,
  restartDatabase: services.database.restart,
  events: messaging.events,
  outbox: messaging.outbox,
  settled: messaging.settled,
});

/** What crosses into or out of a function is JSON and nothing else. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function reportFailure(operationId: string, error: unknown): void {
  console.error(`${operationId} failed:`, error);
}
