import type { MetricDirective } from "../http/metrics.ts";
import { embeddedMetrics } from "../http/metrics.ts";
import { innerMetricName } from "./budgets.ts";
import { middleOf } from "./histogram.ts";
import type { Measurement } from "./monitor.ts";
import type { ResourceUse } from "./resource-use.ts";

/** CloudWatch takes at most this many values of a metric in one line. */
const valuesMax = 100;

/** What one invocation reports, and the facts about its function that advice needs; as on the wire. */
export interface MetricProperties extends ResourceUse {
  operation: string;
  stage: string;
  version: string;
  durationMs: number;
  status: number;
  errors: 0 | 1;
  coldStarts: 0 | 1;
  /** From process start until the function's module was loaded; on a cold start only. */
  initDurationMs: number | undefined;
  budgetMs: number;
  memoryLimitMb: number | undefined;
  reservedConcurrency: number | undefined;
  architecture: string;
  requestId: string;
  problemCode: string | undefined;
  manufacturerId: string | undefined;
  traceId: string | undefined;
}

/** The properties of a line that `collectPerformanceMetrics` reads back, beside the metrics. */
export interface InnerProperty {
  budgetMs: number;
  breaches: number;
  buckets: Record<string, number>;
}

const operationDirectives: readonly MetricDirective[] = [
  {
    dimensions: ["operation", "stage"],
    metrics: [
      { Name: "durationMs", Unit: "Milliseconds" },
      { Name: "errors", Unit: "Count" },
      { Name: "coldStarts", Unit: "Count" },
    ],
  },
];

/** By the inner operations that a line has; there are few combinations. */
const directivesByInner = new Map([["", operationDirectives]]);

/**
 * One line of CloudWatch's embedded metric format. The operation's own metrics have the dimensions
 * `operation` and `stage`, inner operations one metric each with the dimension `stage`: few metrics,
 * however many operations contain them. All else are properties, which cost nothing: tenant and
 * request must never become dimensions.
 */
export function metricLine(
  timestampMs: number,
  properties: MetricProperties,
  measurements: readonly Measurement[],
): string {
  if (measurements.length === 0) {
    return embeddedMetrics(timestampMs, operationDirectives, properties);
  }
  const values: Record<string, readonly number[]> = {};
  const inner: Record<string, InnerProperty> = {};
  for (const { operation, budgetMs, breaches, buckets, calls } of measurements) {
    values[innerMetricName(operation)] = representatives(buckets, calls);
    inner[operation] = { budgetMs, breaches, buckets: Object.fromEntries(buckets) };
  }
  const directives = directivesFor(Object.keys(values));
  return embeddedMetrics(timestampMs, directives, { ...properties, ...values, inner });
}

function directivesFor(names: readonly string[]): readonly MetricDirective[] {
  const key = names.join();
  const known = directivesByInner.get(key);
  if (known) return known;
  const metrics = names.map((Name) => ({ Name, Unit: "Milliseconds" }) as const);
  const directives = [...operationDirectives, { dimensions: ["stage"], metrics }];
  directivesByInner.set(key, directives);
  return directives;
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
