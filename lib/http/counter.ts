import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { metricsNamespace } from "./observe.ts";

/** A metric of its own, written at once, for what an alarm must not miss. */
export function counter(name: string, stage: string): (count: number) => void {
  const metrics = new Metrics({
    namespace: metricsNamespace,
    serviceName: "alarms",
    defaultDimensions: { stage },
  });
  return (count) => {
    metrics.addMetric(name, MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
