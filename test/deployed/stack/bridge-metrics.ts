import { callAwsQuery } from "./call-aws.ts";

/** A log line in the embedded metric format: what to take out of it, and the values beside that. */
interface MetricLine extends Record<string, unknown> {
  _aws: {
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
}

const version = "2010-08-01";

/** Does what CloudWatch does on AWS and the emulator does not: makes metrics of log lines. */
export async function bridgeMetrics(endpoint: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    if (!line.startsWith('{"_aws"')) continue;
    for (const metric of metricsOf(JSON.parse(line) as MetricLine)) {
      await callAwsQuery(endpoint, "monitoring", {
        Action: "PutMetricData",
        Version: version,
        ...metric,
      });
    }
  }
}

/** A request for each metric and set of dimensions that a line declares. */
const metricsOf = (line: MetricLine): Record<string, string>[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      Dimensions.map((names) => ({
        Namespace,
        "MetricData.member.1.MetricName": Name,
        "MetricData.member.1.Unit": Unit,
        "MetricData.member.1.Value": String(line[Name]),
        ...Object.fromEntries(
          names.flatMap((name, index) => {
            const dimension = `MetricData.member.1.Dimensions.member.${index + 1}`;
            return [
              [`${dimension}.Name`, name],
              [`${dimension}.Value`, String(line[name])],
            ];
          }),
        ),
      })),
    ),
  );

/** Names of the alarms that have gone off, of those whose name begins like that. */
export async function listAlarmsOff(endpoint: string, prefix: string): Promise<string[]> {
  const answer = await callAwsQuery(endpoint, "monitoring", {
    Action: "DescribeAlarms",
    Version: version,
    StateValue: "ALARM",
    AlarmNamePrefix: prefix,
  });
  return [...answer.matchAll(/<AlarmName>([^<]+)</g)].flatMap(([, name]) => name ?? []);
}
