import { relative } from "node:path";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Stack, StackOptions } from "../../local/stack.ts";
import { startStack } from "../../local/stack.ts";
import { deploymentFile, useDeployedStack } from "../deployed/stack/use-deployed-stack.ts";
import type { HttpClient } from "./http-client.ts";
import { httpClient } from "./http-client.ts";
import { recordFile } from "./problem-record.ts";

export interface StackUnderTest extends Stack {
  http: HttpClient;
}

/** All of a file's tests send from one address: budgets of sources are the business of their own tests. */
const sourceBudgetFactor = 1000;

/**
 * Starts an in-memory stack for a test file, once, and checks every answer against its route. Faults
 * and call counts start anew with each test; data does not, so each test makes its own tenants. Where
 * there is a deployed stack to test, that one takes its place.
 *
 * @returns the stack; usable from within tests and hooks
 */
export const useStack = (options: StackOptions = {}): StackUnderTest =>
  deploymentFile === undefined ? useLocalStack(options) : useDeployedStack();

function useLocalStack(options: StackOptions): StackUnderTest {
  const stack = {} as StackUnderTest;
  beforeAll(async () => {
    const started = await startStack({
      validateResponses: true,
      sourceBudgetFactor,
      ...options,
    });
    Object.assign(stack, started, { http: httpClient(started.url) });
  });
  beforeEach(() => {
    stack.faults({ service: "dynamodb", mode: "none" });
    stack.faults({ service: "kms", mode: "none" });
    stack.resetCalls();
  });
  afterAll(async () => {
    recordFile(relative(process.cwd(), expect.getState().testPath ?? ""));
    await stack.close?.();
  });
  return stack;
}
