import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { Deployment } from "./deploy.ts";

export interface LogEvent {
  eventId: string;
  /** Epoch ms. */
  timestamp: number;
  message: string;
}

/**
 * What all functions wrote since a time: everything, or the lines with a phrase in them. On a busy
 * machine the emulator sees a line too late and keeps it until the function runs again, so whoever
 * counts on a line runs the function once more.
 */
export async function readLog(
  { endpoint, functionLogGroupName }: Pick<Deployment, "endpoint" | "functionLogGroupName">,
  startMs: number,
  phrase?: string,
): Promise<LogEvent[]> {
  const lines: LogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await callAwsJson<{ events: LogEvent[]; nextToken?: string }>({
      endpoint,
      target: "Logs_20140328.FilterLogEvents",
      input: {
        logGroupName: functionLogGroupName,
        startTime: startMs,
        ...(phrase !== undefined && { filterPattern: `"${phrase}"` }),
        ...(nextToken !== undefined && { nextToken }),
      },
    });
    lines.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}
