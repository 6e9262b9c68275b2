import { tasks } from "../../../lib/routes.ts";
import type { BusEvent } from "../../../local/event-bus.ts";
import type { Deployment } from "./deploy.ts";
import { functionName } from "./gaps.ts";
import { invokeFunction } from "./invoke-function.ts";
import { readLog } from "./read-log.ts";

export interface Subscribers {
  /** Whether every function has worked off the events that concern it. */
  areDone: (events: readonly BusEvent[]) => Promise<boolean>;
  /** Runs a function by name; it is not taken for the work on an event. */
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  /**
   * Runs those that seem not to be done once more, in each of their processes: a line that a function
   * writes late, as on a busy machine, is kept by the emulator until then.
   */
  nudge: (events: readonly BusEvent[]) => Promise<void>;
  /** Waits no more for the lines of processes that the emulator has ended meanwhile. */
  giveUp: (events: readonly BusEvent[]) => void;
}

const processesMax = 4;

/** Follows the functions that the bus invokes, from that time on. */
export function watchSubscribers(deployment: Deployment, startMs: number): Subscribers {
  const subscribers = tasks.flatMap(({ operationId, triggers }) =>
    triggers.flatMap((trigger) =>
      trigger.kind === "event"
        ? [{ operationId, prefixes: trigger.detailTypePrefixes, runs: 0, others: 0 }]
        : [],
    ),
  );
  type Subscriber = (typeof subscribers)[number];

  const eventsFor = ({ prefixes }: Subscriber, events: readonly BusEvent[]): BusEvent[] =>
    events.filter((event) => prefixes.some((prefix) => event["detail-type"].startsWith(prefix)));

  const missing = (subscriber: Subscriber, events: readonly BusEvent[]): number =>
    eventsFor(subscriber, events).length + subscriber.others - subscriber.runs;

  const isDone = async (subscriber: Subscriber, events: readonly BusEvent[]): Promise<boolean> => {
    if (missing(subscriber, events) > 0) {
      subscriber.runs = await countRuns(deployment, subscriber.operationId, startMs);
    }
    return missing(subscriber, events) <= 0;
  };

  const invoke = (operationId: string, event: unknown): Promise<unknown> => {
    for (const subscriber of subscribers) {
      if (subscriber.operationId === operationId) subscriber.others += 1;
    }
    return invokeFunction(deployment.endpoint, functionName(operationId), event);
  };
  return {
    areDone: async (events) => {
      const done = await Promise.all(subscribers.map((subscriber) => isDone(subscriber, events)));
      return done.every(Boolean);
    },
    invoke,
    nudge: async (events) => {
      for (const subscriber of subscribers) {
        const last = eventsFor(subscriber, events).at(-1);
        if (!last || missing(subscriber, events) <= 0) continue;
        // Delivered twice it changes nothing, and under this name it calls for no mail.
        const again = { ...last, detail: { ...(last.detail as object), action: "none" } };
        const runs = Array.from({ length: processesMax }, () =>
          invoke(subscriber.operationId, again),
        );
        await Promise.all(runs);
      }
    },
    giveUp: (events) => {
      for (const subscriber of subscribers) {
        subscriber.others -= Math.max(0, missing(subscriber, events));
      }
    },
  };
}

/** By the metric line that each invocation ends with. */
async function countRuns(
  deployment: Deployment,
  operationId: string,
  startMs: number,
): Promise<number> {
  const lines = await readLog(deployment, startMs, operationId);
  return lines.filter(({ message }) => message.startsWith('{"_aws"')).length;
}
