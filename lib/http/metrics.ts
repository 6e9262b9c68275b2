import { Metrics } from "@aws-lambda-powertools/metrics";

export const metricsNamespace = "ManufacturerSecurity";

/**
 * A writer of lines in CloudWatch's embedded metric format with exactly these dimensions: the
 * library's own `service` dimension would make another metric than the one that the alarms watch.
 */
export function metricsOf(dimensions: Record<string, string>): Metrics {
  const metrics = new Metrics({ namespace: metricsNamespace });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions(dimensions);
  return metrics;
}
