import { Duration } from "aws-cdk-lib";
import type { IMetric, IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Dashboard, GraphWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Route, Task } from "../lib/http/route.ts";
import { domains } from "../lib/http/route.ts";
import { operationMetric } from "./alarms.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

const widgetWidth = 8;

/** One row per domain: how slow, how often, how wrong; a line per operation. */
export function addDashboard(
  scope: Construct,
  rows: readonly (Route | Task)[],
  settings: Settings,
): void {
  const period = Duration.minutes(5);
  const widgets = domains.flatMap((domain): IWidget[][] => {
    const operations = rows.filter((row) => row.domain === domain).map((row) => row.operationId);
    if (operations.length === 0) return [];
    const measure = (metricName: string, statistic: string): IMetric[] =>
      operations.map((operation) =>
        operationMetric(settings, operation, metricName, statistic, period).with({
          label: operation,
        }),
      );
    const graph = (title: string, left: IMetric[]): GraphWidget =>
      new GraphWidget({ title: `${domain}: ${title}`, left, width: widgetWidth });
    return [
      [
        graph("p99, ms", measure("durationMs", "p99")),
        graph("invocations", measure("durationMs", "SampleCount")),
        graph("errors", measure("errors", "Sum")),
      ],
    ];
  });
  new Dashboard(scope, "Dashboard", { dashboardName: nameOf(settings), widgets });
}
