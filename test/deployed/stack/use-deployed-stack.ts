import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { TestContext } from "vitest";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { HttpAnswer, HttpClient } from "../../support/http-client.ts";
import { httpClient } from "../../support/http-client.ts";
import { recordFile } from "../../support/problem-record.ts";
import type { StackUnderTest } from "../../support/stack.ts";
import type { Deployment } from "./deploy.ts";
import { emptyTables } from "./empty-tables.ts";
import { whatIsMissing } from "./exclusions.ts";
import { resolveLocalhost } from "./resolve-localhost.ts";
import { takeTurns } from "./take-turns.ts";
import { watchMessages } from "./watch-messages.ts";

/** Where the running tests find the deployment; set by `npm run test:deployed`. */
export const deploymentFile: string | undefined = process.env["DEPLOYED_STACK"];

export function readDeployment(): Deployment {
  if (deploymentFile === undefined) throw new Error("start these tests by npm run test:deployed");
  resolveLocalhost();
  return JSON.parse(readFileSync(deploymentFile, "utf8")) as Deployment;
}

declare module "vitest" {
  interface TaskMeta {
    /** What a test needs that a deployed stack does not offer. */
    needs?: string;
  }
}

/**
 * The deployed app in the place of a local stack, emptied for the test file. A test that reaches for
 * what only a local stack offers, such as its clock, is skipped at that point and counted.
 */
export function useDeployedStack(): StackUnderTest {
  const deployment = readDeployment();
  const { endpoint, url, tableNames } = deployment;
  const { begin, invoke, ...messages } = watchMessages(deployment);
  let current: TestContext | undefined;
  const needs = (what: string) => (): never => {
    if (!current) throw new Error(`a hook needs ${what}`);
    current.task.meta.needs = what;
    return current.skip(`needs ${what}`);
  };
  const path = (): string => expect.getState().testPath ?? "";
  beforeAll(async () => {
    await emptyTables(endpoint, tableNames);
    await begin();
  });
  beforeEach((context) => {
    current = context;
    const missing = whatIsMissing(path(), context.task.name);
    if (missing !== undefined) needs(missing)();
  });
  afterAll(async () => {
    await messages.settled();
    recordFile(relative(process.cwd(), path()));
  });
  return {
    url,
    http: client(url),
    tableNames,
    endpoints: { dynamodb: endpoint, kms: endpoint },
    ...messages,
    now: Date.now,
    invoke: (operationId, event) =>
      // All test files sign with the deployment's keys; whoever takes them away takes them from all.
      operationId === "rotatePlatformKeys"
        ? needs("platform keys of its own")()
        : invoke(operationId, event),
    close: async () => undefined,
    advanceClock: needs("a clock that can be set"),
    faults: needs("faults on demand"),
    calls: needs("calls counted"),
    resetCalls: needs("calls counted"),
    coldStart: needs("cold starts on demand"),
    restartDatabase: needs("a database that can be ended"),
    logLines: needs("log lines by function"),
  };
}

/** More would only make the emulator start more processes: one runs for each call at the same time. */
const requestsMax = 4;

function client(url: string): HttpClient {
  const inTurn = takeTurns(requestsMax);
  const limited = Object.entries(httpClient(url)).map(([method, send]) => [
    method,
    (...request: unknown[]): Promise<HttpAnswer> =>
      inTurn(() => Reflect.apply(send, undefined, request)),
  ]);
  return Object.fromEntries(limited) as HttpClient;
}
