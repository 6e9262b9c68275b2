import { Logger } from "@aws-lambda-powertools/logger";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { metricsOf } from "./metrics.ts";
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
}

export type Observe = (invocation: Invocation) => void;

/**
 * Reports each invocation as one line in CloudWatch's embedded metric format with the dimensions
 * `operation` and `stage`; tenant and request id are properties, which cost no metric. A 5xx also
 * logs its cause.
 */
export function observer(
  row: FunctionRow,
  { STAGE: stage, VERSION: version }: { STAGE: string; VERSION: string },
): Observe {
  const metrics = metricsOf({ operation: row.operationId, stage });
  const logger = new Logger({ serviceName: row.domain, logLevel: "INFO" });
  let isColdStart = true;

  return ({ requestId, status, durationMs, problemCode, manufacturerId, cause }) => {
    metrics.addMetric("durationMs", MetricUnit.Milliseconds, durationMs);
    metrics.addMetric("errors", MetricUnit.Count, status >= 500 ? 1 : 0);
    metrics.addMetric("coldStarts", MetricUnit.Count, isColdStart ? 1 : 0);
    isColdStart = false;
    const properties = {
      requestId,
      status,
      version,
      problemCode,
      manufacturerId,
      traceId: traceId(),
    };
    for (const [name, value] of Object.entries(properties)) {
      if (value !== undefined) metrics.addMetadata(name, String(value));
    }
    metrics.publishStoredMetrics();
    if (cause !== undefined) {
      logger.error(`${row.operationId} failed`, { requestId, error: toError(cause) });
    }
  };
}

/** Lambda's active tracing sets the trace per invocation. */
const traceId = (): string | undefined => undefined;

const toError = (cause: unknown): Error =>
  cause instanceof Error ? cause : new Error(`a ${typeof cause} was thrown`);
