import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { countLine } from "../performance/metric-line.ts";
import type { WriteLine } from "./observe.ts";
import { toStandardOutput } from "./observe.ts";
import type { FunctionRow } from "./route.ts";

/**
 * A metric of its own, written at once, for what an alarm must not miss; dimensions `operation` and
 * `stage`, as all of an operation's metrics.
 */
export const counter =
  (
    name: string,
    { operationId: operation }: FunctionRow,
    { STAGE: stage }: { STAGE: string },
    {
      now = systemClock,
      writeLine = toStandardOutput,
    }: { now?: Clock; writeLine?: WriteLine } = {},
  ): ((count: number) => void) =>
  (count) =>
    writeLine(countLine({ name, count, operation, stage, timestampMs: now() }));
