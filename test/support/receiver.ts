import { onTestFinished } from "vitest";
import type { Task, Trigger } from "../../lib/http/route.ts";
import type { Database } from "../../local/database.ts";
import type { Messaging } from "../../local/start-messaging.ts";
import { startMessaging } from "../../local/start-messaging.ts";

interface Invocation {
  operationId: string;
  // biome-ignore lint/suspicious/noExplicitAny: the event's shape is what is tested
  event: any;
}

/** Stands where the functions are: keeps what is delivered to it, and fails when told to. */
export interface Receiver {
  /** Throws to make an invocation fail; what it lets pass counts as delivered. */
  behave: (invocation: Invocation) => unknown;
  failures: string[];
  eventsOf: (operationId: string) => Invocation["event"][];
  /** Connects it to streams, events and log lines until the running test ends. */
  start: (tasks: readonly Task[], database: Database, directory?: string) => Promise<Messaging>;
}

export function createReceiver(): Receiver {
  const invocations: Invocation[] = [];
  const receiver: Receiver = {
    behave: () => undefined,
    failures: [],
    eventsOf: (id) =>
      invocations.filter(({ operationId }) => operationId === id).map(({ event }) => event),
    start: async (tasks, database, directory) => {
      const messaging = await startMessaging({
        tasks,
        database,
        directory,
        now: Date.now,
        invoke: async (operationId, event) => {
          await receiver.behave({ operationId, event });
          invocations.push({ operationId, event });
        },
        onFailure: (operationId) => receiver.failures.push(operationId),
      });
      messaging.start();
      onTestFinished(() => messaging.close());
      return messaging;
    },
  };
  return receiver;
}

/** A task that does nothing but have a trigger. */
export const taskOf = (operationId: string, trigger: Trigger): Task => ({
  operationId,
  domain: "audit",
  summary: "",
  uses: [],
  triggers: [trigger],
  latencyBudgetMs: 1,
});
