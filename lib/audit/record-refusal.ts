import { Logger } from "@aws-lambda-powertools/logger";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { Origin } from "./origin.ts";
import type { RecordFailure } from "./record.ts";
import { failureRecorder } from "./record.ts";

/** Something that a member whose token was verified may not do, or may not do now. */
export interface Refusal {
  manufacturerId: string;
  actorId: string;
  operation: string;
  /** The problem's code. */
  code: string;
  permission?: string | undefined;
  origin: Origin;
}

export type RecordRefusal = (refusal: Refusal) => Promise<void>;

const hourMs = 3_600_000;
/** Records of one actor and code in an hour; more are counted. */
const recordsPerHour = 20;
const windowsMax = 1_000;
/** How long an answer waits for its record, in milliseconds. */
const waitMs = 300;

/** An actor's refusals with one code, from the first on for an hour. */
interface Window {
  startedAtMs: number;
  recorded: number;
  counted: number;
  /** The last one that was only counted. */
  last: Refusal | undefined;
}

/**
 * Puts refusals on record (ASVS 16.3.2), 20 an hour for each actor and code in an environment: nobody
 * floods a trail. The twentieth record says that more are only counted; the first refusal after the
 * hour, of anybody, writes their number. An answer waits 300 ms for its record and never fails with it:
 * `reportLost` is called with what is not on record.
 */
export function refusalBudget({
  recordFailure,
  reportLost,
  now,
}: {
  recordFailure: RecordFailure;
  reportLost: (refusal: Refusal, cause: unknown) => void;
  now: Clock;
}): RecordRefusal {
  const windows = new Map<string, Window>();

  const write = (refusal: Refusal, more: Record<string, number | boolean | string>) => {
    const { operation, code, permission, ...entry } = refusal;
    const details = { operation, code, ...(permission && { permission }), ...more };
    const action = "access.operation.refused";
    return recordFailure({ ...entry, action, timeMs: now(), details }).catch((cause: unknown) =>
      reportLost(refusal, cause),
    );
  };

  const writeCounts = (): Promise<void>[] =>
    [...windows].flatMap(([name, { startedAtMs, counted, last }]) => {
      if (now() - startedAtMs < hourMs) return [];
      windows.delete(name);
      return last ? [write(last, { counted, since: toRfc3339(startedAtMs) })] : [];
    });

  return async (refusal) => {
    const writes = writeCounts();
    const name = `${refusal.actorId} ${refusal.code}`;
    const window = windows.get(name) ?? openWindow(windows, name, now());
    if (window.recorded < recordsPerHour) {
      window.recorded++;
      writes.push(
        write(refusal, window.recorded === recordsPerHour ? { moreAreCounted: true } : {}),
      );
    } else {
      window.counted++;
      window.last = refusal;
    }
    if (writes.length > 0) await atMost(waitMs, Promise.all(writes));
  };
}

function openWindow(windows: Map<string, Window>, name: string, startedAtMs: number): Window {
  const oldest = windows.size >= windowsMax ? windows.keys().next().value : undefined;
  if (oldest !== undefined) windows.delete(oldest);
  const window: Window = { startedAtMs, recorded: 0, counted: 0, last: undefined };
  windows.set(name, window);
  return window;
}

/** Waits no longer; what is under way goes on. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** The recorder of a protected function: what it cannot write goes to the log. */
export function refusalRecorder(
  documents: DynamoDBDocumentClient,
  env: { AUDIT_TABLE: string },
  now: Clock,
): RecordRefusal {
  const logger = new Logger({ serviceName: "audit", logLevel: "INFO" });
  return refusalBudget({
    recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
    reportLost: ({ origin, ...refusal }, cause) =>
      logger.error("a refusal is not on record", {
        ...refusal,
        ...origin,
        error: cause instanceof Error ? cause : new Error(`a ${typeof cause} was thrown`),
      }),
    now,
  });
}
