import { join } from "node:path";
import { tables } from "../lib/aws/tables.ts";
import type { Task } from "../lib/http/route.ts";
import { createBackground } from "./background.ts";
import { openCheckpoints } from "./checkpoints.ts";
import type { Database } from "./database.ts";
import type { SentEmail } from "./email-service.ts";
import { startEmailService } from "./email-service.ts";
import type { BusEvent } from "./event-bus.ts";
import { startEventBus } from "./event-bus.ts";
import { followLogLines } from "./follow-log-lines.ts";
import { followStream } from "./follow-stream.ts";
import type { LogLine } from "./function-host.ts";
import { openJournal } from "./journal.ts";

export interface MessagingOptions {
  tasks: readonly Task[];
  database: Database;
  /** Where journals and checkpoints live; absent for memory only. */
  directory?: string | undefined;
  now: () => number;
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  onFailure: (operationId: string, error: unknown) => void;
}

/** Everything that reaches functions without a caller waiting, and e-mail. */
export interface Messaging {
  endpoints: Readonly<Record<"eventbridge" | "sesv2", string>>;
  events: () => readonly BusEvent[];
  outbox: () => readonly SentEmail[];
  addLogLine: (line: LogLine) => void;
  /** Begins to follow, from where the last run left off. */
  start: () => void;
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startMessaging(options: MessagingOptions): Promise<Messaging> {
  const { tasks, directory, now } = options;
  const pathOf = (name: string) => directory && join(directory, name);
  const events = openJournal<BusEvent>(pathOf("events.jsonl"));
  const outbox = openJournal<SentEmail>(pathOf("outbox.jsonl"));
  const checkpoints = openCheckpoints(pathOf("checkpoints.json"));
  const background = createBackground(options.invoke, options.onFailure);
  const [bus, email] = await Promise.all([
    startEventBus({ journal: events, checkpoints, tasks, background, now }),
    startEmailService(outbox, now),
  ]);
  const logFollower = followLogLines(tasks, background);
  const streams = streamTriggers(tasks).map(({ operationId, table }) =>
    followStream({
      operationId,
      tableName: options.database.tableNames[table],
      endpoint: options.database.url,
      checkpoints,
      background,
    }),
  );

  const settled = async (): Promise<void> => {
    let before: number;
    do {
      before = background.count();
      await Promise.all(streams.map((stream) => stream.drain()));
      await bus.drain();
      await logFollower.drain();
    } while (background.count() !== before);
  };

  return {
    endpoints: { eventbridge: bus.url, sesv2: email.url },
    events: () => events.items,
    outbox: () => outbox.items,
    addLogLine: logFollower.add,
    settled,
    start: () => {
      void bus.drain();
      for (const stream of streams) stream.start();
    },
    close: async () => {
      background.close();
      await Promise.all([bus.close(), email.close()]);
    },
  };
}

const streamTriggers = (tasks: readonly Task[]) =>
  tasks.flatMap(({ operationId, triggers }) =>
    triggers.flatMap((trigger) => {
      if (trigger.kind !== "stream") return [];
      if (tables[trigger.table].stream === "none")
        throw new Error(`${operationId} follows table ${trigger.table}, which has no stream`);
      return [{ operationId, table: trigger.table }];
    }),
  );
