import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Task } from "../lib/http/route.ts";
import { accountId } from "./aws-account.ts";
import type { Background } from "./background.ts";
import type { LogLine } from "./function-host.ts";

export interface LogFollower {
  add: (line: LogLine) => void;
  /** Resolves once every line added so far is delivered. */
  drain: () => Promise<void>;
}

const flushMs = 250;

/**
 * Feeds the tasks triggered by log lines like a CloudWatch Logs subscription: metric lines of all
 * other functions, in gzipped batches. A task's own lines would feed it for ever.
 */
export function followLogLines(tasks: readonly Task[], background: Background): LogFollower {
  const followers = tasks.filter(({ triggers }) =>
    triggers.some(({ kind }) => kind === "log-lines"),
  );
  let waiting: LogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();

  const deliver = async (): Promise<void> => {
    const lines = waiting;
    waiting = [];
    await Promise.all(
      followers.map(async ({ operationId }) => {
        const others = lines.filter((line) => line.operationId !== operationId);
        if (others.length > 0) await background.invoke(operationId, subscriptionEvent(others));
      }),
    );
  };
  const drain = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    work = work.then(deliver);
    return work;
  };
  return {
    drain,
    add: (line) => {
      if (followers.length === 0 || !isMetricLine(line)) return;
      waiting.push(line);
      timer ??= setTimeout(() => void drain(), flushMs).unref();
    },
  };
}

const isMetricLine = ({ line }: LogLine): boolean =>
  line.startsWith("{") && line.includes('"_aws"');

function subscriptionEvent(lines: readonly LogLine[]): { awslogs: { data: string } } {
  const message = {
    messageType: "DATA_MESSAGE",
    owner: accountId,
    logGroup: "local",
    logStream: "local",
    subscriptionFilters: ["metric-lines"],
    logEvents: lines.map(({ line, timeMs }) => ({
      id: randomUUID(),
      timestamp: timeMs,
      message: line,
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(message)).toString("base64") } };
}
