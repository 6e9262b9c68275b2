import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { problemResponse } from "../http/response.ts";
import { toProblem } from "../http/to-problem.ts";
import { charger } from "./charge.ts";
import { Leases } from "./leases.ts";
import type { Metered } from "./meter.ts";
import { usageMeter } from "./meter.ts";
import { refunder } from "./refund.ts";
import type { UsageStore } from "./store.ts";
import type { Resource } from "./tiers.ts";

export interface MeterOptions<Event> {
  usage: UsageStore;
  /** Who pays; take it from a verified token, never from what the caller sent. */
  manufacturerId: (event: Event) => string;
  /**
   * Makes the charge exactly once per key and month; required for resources that keep a ledger. The
   * handler runs once per key as well: a repeat is answered `already-charged`, until a refund.
   */
  idempotencyKey?: (event: Event) => string;
  now?: Clock;
}

/**
 * Middy middleware that meters a Lambda function of the platform's own in one line:
 * `middy(handler).use(meter("ml_requests", { usage, manufacturerId, idempotencyKey }))`.
 *
 * A used-up quota is answered with `quota-exceeded` (429) before the handler runs, and a key that has paid
 * before with `already-charged` (409), where the event came over HTTP; otherwise they are thrown. What
 * the handler then fails at (an error, or a 5xx) is refunded, within some minutes where the database is
 * in trouble (`payRefunds`), and its key is good again. A handler that
 * is ended before it answers keeps its charge: the caller sends a new key, Lambda's own retry goes on.
 */
export function meter<Event>(
  resource: Resource,
  { usage, manufacturerId, idempotencyKey, now = systemClock }: MeterOptions<Event>,
): MiddlewareObj<Event, unknown> {
  const charge = usageMeter(charger(usage, new Leases(usage)), refunder(usage), now);
  const meteredByRequest = new WeakMap<object, Metered>();
  return {
    before: async ({ event, context, internal }) => {
      try {
        const metered = await charge(
          { resource, refuses: true },
          {
            manufacturerId: manufacturerId(event),
            memberId: "service",
            requestId: context.awsRequestId,
            idempotencyKey: idempotencyKey?.(event),
          },
        );
        meteredByRequest.set(internal, metered);
        return undefined;
      } catch (error) {
        const problem = toProblem(error);
        if (!isHttp(event)) throw problem;
        return problemResponse(problem, context.awsRequestId);
      }
    },
    after: async ({ response, internal }) => {
      const metered = meteredByRequest.get(internal);
      const answer = response as APIGatewayProxyStructuredResultV2 | undefined;
      if (!metered || typeof answer?.statusCode !== "number") return;
      if (answer.statusCode >= 500) await metered.refund();
      answer.headers = { ...answer.headers, ...metered.headers };
    },
    onError: async ({ error, internal }) => {
      const { statusCode } = error as { statusCode?: number };
      const isCallersFault =
        statusCode === undefined ? toProblem(error).status < 500 : statusCode < 500;
      if (!isCallersFault) await meteredByRequest.get(internal)?.refund();
    },
  };
}

const isHttp = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "requestContext" in event;
