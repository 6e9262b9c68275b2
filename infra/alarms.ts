import { Duration } from "aws-cdk-lib";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { metricsNamespace } from "../lib/http/metrics.ts";
import type { Route, Task } from "../lib/http/route.ts";
import { isRoute } from "../lib/http/route.ts";
import { functionNameOf } from "./functions.ts";
import type { Settings } from "./settings.ts";

/** A single failed request of many is retried by its caller; a failed task is everybody's. */
const routeErrorsMax = 4;
const taskErrorsMax = 0;

/** Refusals for want of concurrency: routes' callers repeat theirs, Lambda repeats a task's. */
const throttlesMax = 4;

/** A metric that the functions report of themselves. */
export const operationMetric = (
  { stage }: Settings,
  operation: string,
  metricName: string,
  statistic: string,
  period: Duration,
): Metric =>
  new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { operation, stage },
    statistic,
    period,
  });

/** Latency over budget, failures, invocations without an answer or refused, of one operation. */
export function addOperationAlarms(
  scope: Construct,
  row: Route | Task,
  settings: Settings,
  topic: ITopic,
): void {
  const { operationId, latencyBudgetMs } = row;
  addAlarm(scope, "LatencyAlarm", topic, {
    alarmDescription: `${operationId}: p99 above its budget of ${latencyBudgetMs} ms`,
    metric: operationMetric(settings, operationId, "durationMs", "p99", Duration.minutes(1)),
    threshold: latencyBudgetMs,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    // Of few requests the p99 is the slowest one: that proves nothing.
    evaluateLowSampleCountPercentile: "ignore",
  });
  addAlarm(scope, "ErrorsAlarm", topic, {
    alarmDescription: `${operationId}: failing`,
    metric: operationMetric(settings, operationId, "errors", "Sum", Duration.minutes(5)),
    threshold: isRoute(row) ? routeErrorsMax : taskErrorsMax,
    evaluationPeriods: 1,
  });
  const lambdaMetric = (metricName: string): Metric =>
    new Metric({
      namespace: "AWS/Lambda",
      metricName,
      dimensionsMap: { FunctionName: functionNameOf(settings, operationId) },
      statistic: "Sum",
      period: Duration.minutes(5),
    });
  addAlarm(scope, "CrashesAlarm", topic, {
    alarmDescription: `${operationId}: ended before it could report, by a crash or a time-out`,
    metric: lambdaMetric("Errors"),
    threshold: 0,
    evaluationPeriods: 1,
  });
  addAlarm(scope, "ThrottlesAlarm", topic, {
    alarmDescription: `${operationId}: refused by Lambda for want of concurrency`,
    metric: lambdaMetric("Throttles"),
    threshold: throttlesMax,
    evaluationPeriods: 1,
  });
  if (row.domain === "threats") {
    addAttacksAlarm(scope, topic, settings.stage);
    addMemberAttacksAlarm(scope, topic, settings.stage);
  }
  if (row.domain === "notifications") addRefusedMailsAlarm(scope, topic, settings.stage);
  if (!isRoute(row) && row.triggers.some(isAuditStream)) {
    addAlarm(scope, "TamperAlarm", topic, {
      alarmDescription: "An audit record was changed or removed",
      metric: new Metric({
        namespace: metricsNamespace,
        metricName: "auditTampered",
        dimensionsMap: { stage: settings.stage },
        statistic: "Sum",
        period: Duration.minutes(1),
      }),
      threshold: 0,
      evaluationPeriods: 1,
    });
  }
}

/** A stray refusal is one address that is written to too often; this many are the budget at work. */
const refusedMailsMax = 10;

const addRefusedMailsAlarm = (scope: Construct, topic: ITopic, stage: string): void =>
  addAlarm(scope, "RefusedMailsAlarm", topic, {
    alarmDescription: "E-mails are not sent, because the budget of their kind is spent",
    metric: new Metric({
      namespace: metricsNamespace,
      metricName: "mailsRefused",
      dimensionsMap: { stage },
      statistic: "Sum",
      period: Duration.minutes(5),
    }),
    threshold: refusedMailsMax,
    evaluationPeriods: 1,
  });

/** Attacks that a screen finds now and then are weather; this many at once are somebody's work. */
const attacksMax = 50;

const addAttacksAlarm = (scope: Construct, topic: ITopic, stage: string): void =>
  addAlarm(scope, "AttacksAlarm", topic, {
    alarmDescription: "Many attacks on the write routes: look for threats.attack in the audit",
    metric: new Metric({
      namespace: metricsNamespace,
      metricName: "attacksDetected",
      dimensionsMap: { stage },
      statistic: "Sum",
      period: Duration.minutes(5),
    }),
    threshold: attacksMax,
    evaluationPeriods: 1,
  });

/** One member's attacks: somebody at work, or somebody whose honest text is refused again and again. */
const memberAttacksMax = 10;

/** The member with the most, by a query (Metrics Insights): who that may be is not known beforehand. */
const addMemberAttacksAlarm = (scope: Construct, topic: ITopic, stage: string): void =>
  addAlarm(scope, "MemberAttacksAlarm", topic, {
    alarmDescription: "Many attacks by one member: look for threats.attack in the audit",
    metric: new MathExpression({
      expression:
        `SELECT SUM(attacksDetected) FROM SCHEMA("${metricsNamespace}", memberId, stage) ` +
        `WHERE stage = '${stage}' GROUP BY memberId ORDER BY SUM() DESC LIMIT 1`,
      usingMetrics: {},
      label: "most attacks by one member",
      period: Duration.minutes(5),
    }),
    threshold: memberAttacksMax,
    evaluationPeriods: 1,
  });

const isAuditStream = (trigger: Task["triggers"][number]): boolean =>
  trigger.kind === "stream" && trigger.table === "audit";

/** Something was given up: a person must look at the queue. */
export const addDeadLettersAlarm = (scope: Construct, queue: IQueue, topic: ITopic): void =>
  addAlarm(scope, "DeadLettersAlarm", topic, {
    alarmDescription: "Events that no retry could deliver",
    metric: queue.metricApproximateNumberOfMessagesVisible({
      statistic: "Maximum",
      period: Duration.minutes(1),
    }),
    threshold: 0,
    evaluationPeriods: 1,
  });

interface Condition {
  alarmDescription: string;
  metric: IMetric;
  threshold: number;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  evaluateLowSampleCountPercentile?: "ignore";
}

/** Tells the topic when the metric exceeds the threshold, and when it is well again. */
export function addAlarm(scope: Construct, id: string, topic: ITopic, condition: Condition): void {
  const alarm = new Alarm(scope, id, {
    ...condition,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // Nobody calling is not a fault.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}
