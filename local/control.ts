import * as z from "zod/mini";
import type { Task } from "../lib/http/route.ts";
import { Fault } from "./faults.ts";
import type { GatewayAnswer } from "./gateway-result.ts";
import { gatewayMessage, jsonAnswer } from "./gateway-result.ts";
import { scheduledEvent } from "./scheduled-event.ts";
import type { Stack } from "./stack.ts";

const ClockRequest = z.strictObject({
  advanceSeconds: z.number().check(z.minimum(0), z.maximum(100 * 366 * 86_400)),
});

type Endpoint = (body: unknown) => unknown;

const firstOperatorTask = "createFirstOperator";
const firstOperator = { name: "First operator", email: "operator@manufacturer-security.example" };

/**
 * The endpoints below `/__local/`, which only this stack has: they move its clock, run what nobody
 * calls over HTTP, show what left the product, and make its services fail.
 */
export function createControl(
  stack: Stack,
  tasks: readonly Task[],
): (method: string, path: string, body: Buffer) => Promise<GatewayAnswer> {
  const time = () => ({ now: new Date(stack.now()).toISOString() });
  const endpoints: Record<string, Endpoint> = {
    "GET clock": time,
    "POST clock": (body) => {
      stack.advanceClock(z.parse(ClockRequest, body).advanceSeconds);
      return time();
    },
    "GET events": () => ({ items: stack.events() }),
    "GET outbox": () => ({ items: stack.outbox() }),
    "POST faults": (body) => {
      stack.faults(z.parse(Fault, body));
      return {};
    },
    "GET calls": () => stack.calls(),
    "DELETE calls": () => {
      stack.resetCalls();
      return {};
    },
    "POST settle": async () => {
      await stack.settled();
      return {};
    },
    ...scheduleEndpoints(stack, tasks),
    ...operatorEndpoint(stack, tasks),
  };

  return async (method, path, body) => {
    const key = `${method} ${path}`;
    const endpoint = Object.hasOwn(endpoints, key) ? endpoints[key] : undefined;
    if (!endpoint) return gatewayMessage(404, "Not Found");
    try {
      return jsonAnswer(200, await endpoint(body.length > 0 ? JSON.parse(body.toString()) : {}));
    } catch (error) {
      return gatewayMessage(statusOf(error), String(error));
    }
  };
}

/** A function's own problem keeps its status, though its class came from another bundle. */
function statusOf(error: unknown): number {
  if (error instanceof z.core.$ZodError || error instanceof SyntaxError) return 400;
  const isProblem = error instanceof Error && "status" in error && "code" in error;
  return isProblem ? Number(error.status) : 500;
}

function scheduleEndpoints(stack: Stack, tasks: readonly Task[]): Record<string, Endpoint> {
  const scheduled = tasks.filter(({ triggers }) =>
    triggers.some(({ kind }) => kind === "schedule"),
  );
  const run =
    (operationId: string): Endpoint =>
    async () => ({ result: await stack.invoke(operationId, scheduledEvent(stack.now())) });
  return {
    "GET schedules": () => ({ items: scheduled.map(({ operationId: name }) => ({ name })) }),
    ...Object.fromEntries(
      scheduled.map(({ operationId }) => [`POST schedules/${operationId}`, run(operationId)]),
    ),
  };
}

/** The rule that an administrator of the deployment invokes through IAM; any part may be said. */
const operatorEndpoint = (stack: Stack, tasks: readonly Task[]): Record<string, Endpoint> =>
  tasks.some(({ operationId }) => operationId === firstOperatorTask)
    ? {
        "POST operator": (body) =>
          stack.invoke(firstOperatorTask, { ...firstOperator, ...(body as object) }),
      }
    : {};
