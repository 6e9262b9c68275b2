import { tasks } from "../../../lib/routes.ts";
import type { BusEvent } from "../../../local/event-bus.ts";
import type { Deployment } from "./deploy.ts";
import { functionName } from "./gaps.ts";
import { invokeFunction } from "./invoke-function.ts";
import { readLog } from "./read-log.ts";

export interface Subscribers {
  /** Whether every function has worked off the events that concern it. */
  areDone: (events: readonly BusEvent[]) => Promise<boolean>;
  /**
   * Runs those that seem not to be done once more. A line that a function writes late, as on a busy
   * machine, is kept by the emulator until then.
   */
  nudge: (events: readonly BusEvent[]) => Promise<void>;
}

/** Follows the functions that the bus invokes, from that time on. */
export function watchSubscribers(deployment: Deployment, startMs: number): Subscribers {
  const subscribers = tasks.flatMap(({ operationId, triggers }) =>
    triggers.flatMap((trigger) =>
      trigger.kind === "event"
        ? [{ operationId, prefixes: trigger.detailTypePrefixes, runs: 0, nudges: 0 }]
        : [],
    ),
  );
  type Subscriber = (typeof subscribers)[number];

  const eventsFor = ({ prefixes }: Subscriber, events: readonly BusEvent[]): BusEvent[] =>
    events.filter((event) => prefixes.some((prefix) => event["detail-type"].startsWith(prefix)));

  const isDone = async (subscriber: Subscriber, events: readonly BusEvent[]): Promise<boolean> => {
    const expected = eventsFor(subscriber, events).length + subscriber.nudges;
    if (subscriber.runs < expected) {
      subscriber.runs = await countRuns(deployment, subscriber.operationId, startMs);
    }
    return subscriber.runs >= expected;
  };
  return {
    areDone: async (events) => {
      const done = await Promise.all(subscribers.map((subscriber) => isDone(subscriber, events)));
      return done.every(Boolean);
    },
    nudge: async (events) => {
      for (const subscriber of subscribers) {
        const last = eventsFor(subscriber, events).at(-1);
        if (!last || (await isDone(subscriber, events))) continue;
        subscriber.nudges += 1;
        // Delivered twice it changes nothing, and under this name it calls for no mail.
        const again = { ...last, detail: { ...(last.detail as object), action: "none" } };
        await invokeFunction(deployment.endpoint, functionName(subscriber.operationId), again);
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
