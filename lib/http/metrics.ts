/** The CloudWatch namespace of every metric the functions report. */
export const metricsNamespace = "ManufacturerSecurity";

interface MetricDirective {
  dimensions: readonly string[];
  metrics: readonly { Name: string; Unit: "Count" | "Milliseconds" }[];
}

/**
 * One line of CloudWatch's embedded metric format: the directives name which of the properties are
 * metrics, and which are dimensions; the rest costs no metric.
 */
export const embeddedMetrics = (
  timestampMs: number,
  directives: readonly MetricDirective[],
  properties: Record<string, unknown>,
): string =>
  JSON.stringify({
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: directives.map(({ dimensions, metrics }) => ({
        Namespace: metricsNamespace,
        Dimensions: [dimensions],
        Metrics: metrics,
      })),
    },
    ...properties,
  });

/** Where lines go; one write per line. */
export type WriteLine = (line: string) => void;

export const writeToStandardOutput: WriteLine = (line) => {
  process.stdout.write(`${line}\n`);
};
