import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from "aws-lambda";
import { inBatches } from "./in-batches.ts";
import { readMetricLine } from "./read-metric-line.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import { addRollup } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";

/** The contributions of one delivery to one operation, version and five minutes. */
interface Group {
  facts: OperationFacts;
  rollup: Rollup;
  /** Ids of the log events that are in it. */
  eventIds: string[];
}

/**
 * Merges a delivery of log lines (CloudWatch Logs subscription: gzip in base64) into the rollups.
 * Each group of lines is merged in one transaction that also remembers the delivery, so that one
 * which comes twice, or half of which failed before, counts once.
 *
 * @throws Problem `contention`; Lambda then delivers again, and what was merged is skipped.
 */
export async function collectPerformanceMetrics(
  event: CloudWatchLogsEvent,
  { rollups }: { rollups: RollupStore },
): Promise<{ lines: number; merged: number; repeated: number }> {
  const { messageType, logEvents } = decode(event);
  if (messageType !== "DATA_MESSAGE") return { lines: 0, merged: 0, repeated: 0 };
  const groups = [...toGroups(logEvents).values()];
  const outcomes = await inBatches(groups, ({ facts, rollup, eventIds }) =>
    rollups.merge(facts, rollup, hashOf(eventIds)),
  );
  const merged = outcomes.filter((isNew) => isNew).length;
  return { lines: logEvents.length, merged, repeated: groups.length - merged };
}

const decode = ({ awslogs }: CloudWatchLogsEvent): CloudWatchLogsDecodedData =>
  JSON.parse(gunzipSync(Buffer.from(awslogs.data, "base64")).toString("utf8"));

function toGroups(logEvents: CloudWatchLogsDecodedData["logEvents"]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { id, message } of logEvents) {
    for (const { facts, rollup } of readMetricLine(message)) {
      const key = [facts.operation, facts.version, rollup.startMs].join("\n");
      const group = groups.get(key);
      if (group) {
        addRollup(group.rollup, rollup);
        group.eventIds.push(id);
      } else {
        groups.set(key, { facts, rollup, eventIds: [id] });
      }
    }
  }
  return groups;
}

/** Independent of the order in which a delivery lists its events. */
const hashOf = (eventIds: readonly string[]): string =>
  createHash("sha256")
    .update([...eventIds].sort().join("\n"))
    .digest("base64url");
