import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type { Observe, StartedInvocation } from "./observe.ts";
import { toProblem } from "./to-problem.ts";

/** Milliseconds until Lambda ends the invocation: work that can be resumed stops before. */
export interface InvocationTime {
  remainingMs: () => number;
}

/** Of each invocation its own, for several may run at once. */
interface State {
  startedAtMs: number;
  started: StartedInvocation | undefined;
}

/**
 * Makes a Lambda handler of a task's rule: observed like an operation, but whatever fails is thrown on,
 * so that the service which invoked it retries or parks the event.
 */
export function task<Event, Dependencies, Result>(
  rule: (event: Event, dependencies: Dependencies, time: InvocationTime) => Promise<Result>,
  dependencies: Dependencies & { observe: Observe },
): (event: Event, context: Context) => Promise<Result> {
  return middy<Event, Result>({
    timeoutEarlyInMillis: 0,
    requestStart: ({ internal, context }) => {
      (internal as State).startedAtMs = performance.now();
      (internal as State).started = dependencies.observe.start?.(context);
    },
    requestEnd: ({ context, error, internal }) => {
      const { startedAtMs, started } = internal as State;
      const problem = error ? toProblem(error) : undefined;
      dependencies.observe({
        requestId: context.awsRequestId,
        status: problem ? 500 : 200,
        durationMs: performance.now() - startedAtMs,
        problemCode: problem?.code,
        cause: error ?? undefined,
        started,
      });
    },
  }).handler((event: Event, context: Context) =>
    rule(event, dependencies, { remainingMs: () => context.getRemainingTimeInMillis() }),
  ) as (event: Event, context: Context) => Promise<Result>;
}
