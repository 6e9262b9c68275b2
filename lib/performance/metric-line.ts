import { innerMetricName } from "./budgets.ts";
import { middleOf } from "./histogram.ts";
import type { Measurement } from "./monitor.ts";
import type { ResourceUse } from "./resource-use.ts";

export const metricsNamespace = "ManufacturerSecurity";

/** CloudWatch takes at most this many values of a metric in one line. */
const valuesMax = 100;

/** What one invocation reports, and the facts about its function that advice needs. */
export interface MetricLine extends ResourceUse {
  timestampMs: number;
  operation: string;
  stage: string;
  version: string;
  durationMs: number;
  status: number;
  isColdStart: boolean;
  /** From process start until the function's module was loaded; on a cold start only. */
  initDurationMs?: number | undefined;
  budgetMs: number;
  memoryLimitMb?: number | undefined;
  reservedConcurrency?: number | undefined;
  architecture: string;
  requestId: string;
  problemCode?: string | undefined;
  manufacturerId?: string | undefined;
  traceId?: string | undefined;
  inner: readonly Measurement[];
}

/** The properties of a line that `collectPerformanceMetrics` reads back, beside the metrics. */
export interface InnerProperty {
  budgetMs: number;
  breaches: number;
  buckets: Record<string, number>;
}

/**
 * One line of CloudWatch's embedded metric format. The operation's own metrics have the dimensions
 * `operation` and `stage`, inner operations one metric each with the dimension `stage`: few metrics,
 * however many operations contain them. All else are properties, which cost nothing: tenant and
 * request must never become dimensions.
 */
export function metricLine({
  inner,
  timestampMs,
  status,
  isColdStart,
  ...line
}: MetricLine): string {
  const directives: unknown[] = [
    {
      Namespace: metricsNamespace,
      Dimensions: [["operation", "stage"]],
      Metrics: [
        { Name: "durationMs", Unit: "Milliseconds" },
        { Name: "errors", Unit: "Count" },
        { Name: "coldStarts", Unit: "Count" },
      ],
    },
  ];
  const values: Record<string, readonly number[]> = {};
  const properties: Record<string, InnerProperty> = {};
  if (inner.length > 0) {
    const metrics = [];
    for (const { operation, budgetMs, breaches, buckets, calls } of inner) {
      const name = innerMetricName(operation);
      metrics.push({ Name: name, Unit: "Milliseconds" });
      values[name] = representatives(buckets, calls);
      properties[operation] = { budgetMs, breaches, buckets: Object.fromEntries(buckets) };
    }
    directives.push({
      Namespace: metricsNamespace,
      Dimensions: [["stage"]],
      Metrics: metrics,
    });
  }
  return JSON.stringify({
    _aws: { Timestamp: timestampMs, CloudWatchMetrics: directives },
    ...line,
    status,
    errors: status >= 500 ? 1 : 0,
    coldStarts: isColdStart ? 1 : 0,
    ...values,
    ...(inner.length > 0 && { inner: properties }),
  });
}

/** One line with one count, with the dimensions of an operation. */
export const countLine = (line: {
  name: string;
  count: number;
  operation: string;
  stage: string;
  timestampMs: number;
}): string =>
  JSON.stringify({
    _aws: {
      Timestamp: line.timestampMs,
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [["operation", "stage"]],
          Metrics: [{ Name: line.name, Unit: "Count" }],
        },
      ],
    },
    operation: line.operation,
    stage: line.stage,
    [line.name]: line.count,
  });

/** All values, or where there are more than CloudWatch takes, 100 that have the same percentiles. */
function representatives(
  buckets: readonly (readonly [bucket: number, count: number])[],
  calls: number,
): number[] {
  const step = Math.max(1, calls / valuesMax);
  const values: number[] = [];
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    const value = Number(middleOf(bucket).toPrecision(4));
    while ((values.length + 0.5) * step <= seen) values.push(value);
  }
  return values;
}
