import { Logger } from "@aws-lambda-powertools/logger";
import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { isLambda, readTraceId } from "../config.ts";
import { metricLine } from "../performance/metric-line.ts";
import { environmentRecorder } from "../performance/monitor.ts";
import { resourceMeter } from "../performance/resource-use.ts";
import type { WriteLine } from "./metrics.ts";
import { writeToStandardOutput } from "./metrics.ts";
import type { FunctionRow } from "./route.ts";

/** What one invocation reports; nothing else reaches the log, so no secret can slip in by spread. */
export interface Invocation {
  requestId: string;
  status: number;
  durationMs: number;
  problemCode?: string | undefined;
  manufacturerId?: string | undefined;
  /** The error behind a 5xx. */
  cause?: unknown;
  /** What `start` gave for this invocation. */
  started?: StartedInvocation | undefined;
}

export interface Observe {
  (invocation: Invocation): void;
  /** Announces an invocation, so that it is reported even if the time-out ends it. */
  start?(context: InvocationContext): StartedInvocation;
}

/** The part of Lambda's context that is needed here; the fields may be absent outside Lambda. */
export interface InvocationContext {
  awsRequestId: string;
  memoryLimitInMB?: string;
  getRemainingTimeInMillis?(): number;
}

export interface StartedInvocation {
  memoryLimitMb: number | undefined;
  timer: NodeJS.Timeout | undefined;
  isReported: boolean;
}

/**
 * Time before Lambda's own time-out at which an unfinished invocation is reported as timed out. It
 * lies after the moment at which the wrap stops a rule, so it speaks only for what the wrap cannot stop.
 */
const timeoutReserveMs = 150;
const timedOut = { status: 503, problemCode: "timeout" } as const;

/**
 * Reports each invocation as one line in CloudWatch's embedded metric format, with what inner
 * operations took and what resources were used; a 5xx also logs its cause.
 */
export function observer(
  row: FunctionRow,
  { STAGE: stage, VERSION: version }: { STAGE: string; VERSION: string },
  {
    now = systemClock,
    writeLine = writeToStandardOutput,
    recorder = environmentRecorder,
  }: { now?: Clock; writeLine?: WriteLine; recorder?: typeof environmentRecorder } = {},
): Observe {
  const logger = new Logger({ serviceName: row.domain, logLevel: "INFO" });
  const readResources = resourceMeter();
  // The observer is made when all else of the module is loaded; the clock runs since process start.
  let initDurationMs = isLambda() ? performance.now() : undefined;
  let isColdStart = true;

  const report = (invocation: Invocation): void => {
    const { requestId, status, durationMs, problemCode, manufacturerId, started } = invocation;
    const { memoryMb, cpuMs, eventLoopBusyMs } = readResources();
    const properties = {
      operation: row.operationId,
      stage,
      version,
      durationMs,
      status,
      errors: status >= 500 ? 1 : 0,
      coldStarts: isColdStart ? 1 : 0,
      initDurationMs,
      budgetMs: row.latencyBudgetMs,
      memoryMb,
      cpuMs,
      eventLoopBusyMs,
      memoryLimitMb: started?.memoryLimitMb,
      reservedConcurrency: row.reservedConcurrency,
      architecture: process.arch,
      requestId,
      problemCode,
      manufacturerId,
      traceId: readTraceId(),
    } as const;
    writeLine(metricLine(now(), properties, recorder.drain()));
    initDurationMs = undefined;
    isColdStart = false;
  };

  const observe: Observe = (invocation) => {
    const { started, requestId, cause } = invocation;
    clearTimeout(started?.timer);
    if (!started?.isReported) report(invocation);
    if (started) started.isReported = true;
    if (cause !== undefined) {
      logger.error(`${row.operationId} failed`, { requestId, error: toError(cause) });
    }
  };

  observe.start = ({ awsRequestId, memoryLimitInMB, ...context }) => {
    const startedAtMs = performance.now();
    const started: StartedInvocation = {
      memoryLimitMb: Number(memoryLimitInMB) || undefined,
      timer: undefined,
      isReported: false,
    };
    const remainingMs = context.getRemainingTimeInMillis?.();
    if (remainingMs !== undefined) {
      started.timer = setTimeout(
        () => {
          started.isReported = true;
          const durationMs = performance.now() - startedAtMs;
          report({ ...timedOut, requestId: awsRequestId, durationMs, started });
        },
        Math.max(0, remainingMs - timeoutReserveMs),
      );
    }
    return started;
  };
  return observe;
}

const toError = (cause: unknown): Error =>
  cause instanceof Error ? cause : new Error(`a ${typeof cause} was thrown`);
