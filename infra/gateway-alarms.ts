import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import { FilterPattern, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { metricsNamespace } from "../lib/http/metrics.ts";
import { addAlarm } from "./alarms.ts";
import type { Settings } from "./settings.ts";

/**
 * Answers of the gateway's own, found in its access log: no function hears of these requests, and
 * AWS/ApiGateway counts them among everybody's 4xx and 5xx. What the log has nothing for is "-".
 */
const ownAnswers = [
  {
    alarm: "GatewayThrottlesAlarm",
    alarmDescription: "API: requests refused with 429 by the stage's throttle",
    metricName: "gatewayThrottles",
    // Functions answer 429 too, in some time that the log names.
    pattern: '{ ($.status = "429") && ($.integrationDurationMs = "-") }',
    // A burst that its callers send again is nothing to look at.
    threshold: 100,
  },
  {
    alarm: "GatewayErrorsAlarm",
    alarmDescription: "API: requests that reached no function, or got no answer from it",
    metricName: "gatewayErrors",
    pattern: '{ ($.status = "5*") && ($.integrationError != "-") }',
    threshold: 4,
  },
] as const;

/** Alarms on what the gateway refuses or fails at without a function. */
export function addGatewayAlarms(
  scope: Construct,
  { stage }: Settings,
  accessLogs: ILogGroup,
  topic: ITopic,
): void {
  for (const { alarm, alarmDescription, metricName, pattern, threshold } of ownAnswers) {
    new MetricFilter(scope, `${alarm}Filter`, {
      logGroup: accessLogs,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: metricsNamespace,
      metricName,
      metricValue: "1",
      dimensions: { stage: "$.stage" },
    });
    addAlarm(scope, alarm, topic, {
      alarmDescription,
      metric: new Metric({
        namespace: metricsNamespace,
        metricName,
        dimensionsMap: { stage },
        statistic: "Sum",
        period: Duration.minutes(5),
      }),
      threshold,
      evaluationPeriods: 1,
    });
  }
}
