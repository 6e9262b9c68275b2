import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { eventSource } from "../lib/audit/event-source.ts";
import type { Task } from "../lib/http/route.ts";
import { accountId, region } from "./aws-account.ts";
import { AwsError, serveAwsJson } from "./aws-json-server.ts";
import type { Background } from "./background.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Journal } from "./journal.ts";
import type { Listener } from "./listen.ts";

/** An event as EventBridge delivers it to Lambda. */
export interface BusEvent {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

const PutEventsRequest = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.optional(z.string()),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Time: z.optional(z.number()),
        Resources: z._default(z.array(z.string()), []),
      }),
    )
    .check(z.minLength(1), z.maxLength(10)),
});

export interface EventBusOptions {
  journal: Journal<BusEvent>;
  checkpoints: Checkpoints;
  tasks: readonly Task[];
  background: Background;
  now: () => number;
}

export interface EventBus extends Listener {
  /** Resolves once every event put so far is delivered. */
  drain: () => Promise<void>;
}

const follower = "events";

/**
 * A local stand-in for EventBridge: accepts PutEvents, keeps the events, and delivers each in order
 * to every task with a matching trigger. An event accepted before a crash is delivered after it.
 */
export async function startEventBus(options: EventBusOptions): Promise<EventBus> {
  const { journal, checkpoints, tasks, background, now } = options;
  let position = Number(checkpoints.get(follower) ?? 0);
  let delivery = Promise.resolve();

  const deliverAll = async (): Promise<void> => {
    for (let event = journal.items[position]; event; event = journal.items[position]) {
      const delivered = targetsOf(tasks, event).map((id) => background.invoke(id, event));
      await Promise.all(delivered);
      if (background.signal.aborted) return;
      position += 1;
      checkpoints.set(follower, String(position));
    }
  };
  const drain = (): Promise<void> => {
    delivery = delivery.then(deliverAll);
    return delivery;
  };

  const PutEvents = (input: unknown) => {
    const parsed = z.safeParse(PutEventsRequest, input);
    if (!parsed.success) throw new AwsError("ValidationException", "Invalid PutEvents request.");
    const events = parsed.data.Entries.map(
      (entry): BusEvent => ({
        version: "0",
        id: randomUUID(),
        "detail-type": entry.DetailType,
        source: entry.Source,
        account: accountId,
        time: new Date(entry.Time === undefined ? now() : entry.Time * 1000).toISOString(),
        region,
        resources: entry.Resources,
        detail: parseDetail(entry.Detail),
      }),
    );
    for (const event of events) journal.append(event);
    void drain();
    return { FailedEntryCount: 0, Entries: events.map(({ id }) => ({ EventId: id })) };
  };

  const listener = await serveAwsJson({ PutEvents });
  return { ...listener, drain };
}

const targetsOf = (tasks: readonly Task[], event: BusEvent): string[] =>
  tasks.flatMap(({ operationId, triggers }) =>
    triggers.some(
      (trigger) =>
        trigger.kind === "event" &&
        event.source === eventSource &&
        trigger.detailTypePrefixes.some((prefix) => event["detail-type"].startsWith(prefix)),
    )
      ? [operationId]
      : [],
  );

function parseDetail(detail: string): unknown {
  try {
    return JSON.parse(detail) as unknown;
  } catch {
    throw new AwsError("MalformedDetail", "Detail is malformed.");
  }
}
