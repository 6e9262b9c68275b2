import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { CloudWatchLogsEvent } from "aws-lambda";
import { observer } from "../../../lib/http/observe.ts";
import { Recorder } from "../../../lib/performance/monitor.ts";

export interface Call {
  operation: string;
  durationMs: number;
  timeMs: number;
  version?: string;
  status?: number;
  budgetMs?: number;
}

/** The line that the product itself writes for a call. */
export function lineOf({
  operation,
  durationMs,
  timeMs,
  version = "1",
  status = 200,
  budgetMs = 100,
}: Call): string {
  let written = "";
  const observe = observer(
    {
      operationId: operation,
      domain: "performance",
      summary: "",
      uses: [],
      latencyBudgetMs: budgetMs,
    },
    { STAGE: "test", VERSION: version },
    {
      now: () => timeMs,
      writeLine: (line) => {
        written = line;
      },
      recorder: new Recorder(),
    },
  );
  observe({ requestId: randomUUID(), status, durationMs });
  return written;
}

/** Lines as a CloudWatch Logs subscription delivers them. */
export const deliveryOf = (
  lines: readonly string[],
  messageType: "DATA_MESSAGE" | "CONTROL_MESSAGE" = "DATA_MESSAGE",
): CloudWatchLogsEvent => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        messageType,
        owner: "000000000000",
        logGroup: "functions",
        logStream: "stream",
        subscriptionFilters: ["metrics"],
        logEvents: lines.map((message) => ({ id: randomUUID(), timestamp: 0, message })),
      }),
    ).toString("base64"),
  },
});
