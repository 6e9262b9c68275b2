import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { metricsOf } from "./metrics.ts";

/** A metric of its own, written at once, for what an alarm must not miss. */
export function counter(name: string, stage: string): (count: number) => void {
  const metrics = metricsOf({ stage });
  return (count) => {
    metrics.addMetric(name, MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
