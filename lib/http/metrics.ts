/** The CloudWatch namespace of every metric the functions report. */
export const metricsNamespace = "ManufacturerSecurity";

export interface MetricDirective {
  dimensions: readonly string[];
  metrics: readonly { Name: string; Unit: "Count" | "Milliseconds" }[];
}

/** The same few directives are written again and again: their text is made once. */
const texts = new WeakMap<readonly MetricDirective[], string>();

/**
 * One line of CloudWatch's embedded metric format: the directives name which of the properties are
 * metrics, and which are dimensions; the rest costs no metric.
 */
export const embeddedMetrics = (
  timestampMs: number,
  directives: readonly MetricDirective[],
  properties: object,
): string =>
  `{"_aws":{"Timestamp":${timestampMs},"CloudWatchMetrics":${textOf(directives)}},${JSON.stringify(properties).slice(1)}`;

function textOf(directives: readonly MetricDirective[]): string {
  const known = texts.get(directives);
  if (known !== undefined) return known;
  const text = JSON.stringify(
    directives.map(({ dimensions, metrics }) => ({
      Namespace: metricsNamespace,
      Dimensions: [dimensions],
      Metrics: metrics,
    })),
  );
  texts.set(directives, text);
  return text;
}

/** Where lines go; one write per line. */
export type WriteLine = (line: string) => void;

export const writeToStandardOutput: WriteLine = (line) => {
  process.stdout.write(`${line}\n`);
};
