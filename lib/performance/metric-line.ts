import { embeddedMetrics } from "../http/metrics.ts";
import { innerMetricName } from "./budgets.ts";
import { middleOf } from "./histogram.ts";
import type { Measurement } from "./monitor.ts";
import type { ResourceUse } from "./resource-use.ts";

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

const operationMetrics = [
  { Name: "durationMs", Unit: "Milliseconds" },
  { Name: "errors", Unit: "Count" },
  { Name: "coldStarts", Unit: "Count" },
] as const;

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
  const values: Record<string, readonly number[]> = {};
  const properties: Record<string, InnerProperty> = {};
  for (const { operation, budgetMs, breaches, buckets, calls } of inner) {
    values[innerMetricName(operation)] = representatives(buckets, calls);
    properties[operation] = { budgetMs, breaches, buckets: Object.fromEntries(buckets) };
  }
  const innerMetrics = Object.keys(values).map(
    (name) => ({ Name: name, Unit: "Milliseconds" }) as const,
  );
  return embeddedMetrics(
    timestampMs,
    [
      { dimensions: ["operation", "stage"], metrics: operationMetrics },
      ...(innerMetrics.length > 0 ? [{ dimensions: ["stage"], metrics: innerMetrics }] : []),
    ],
    {
      ...line,
      status,
      errors: status >= 500 ? 1 : 0,
      coldStarts: isColdStart ? 1 : 0,
      ...values,
      ...(innerMetrics.length > 0 && { inner: properties }),
    },
  );
}

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
