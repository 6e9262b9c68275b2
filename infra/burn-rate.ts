import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** The part of a month's requests that may end as a server error: 99.9 % shall be answered. */
const errorBudget = 0.001;

/** Of fewer requests in the long window, a handful of failures would be taken for a fire. */
const requestsMin = 100;

/**
 * How many times faster than the month allows the budget is used up. The long window proves that it
 * matters, the short one that it still goes on.
 *
 * Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
const burnRates = [
  { id: "FastBurn", factor: 14.4, long: Duration.hours(1), short: Duration.minutes(5) },
  { id: "SlowBurn", factor: 6, long: Duration.hours(6), short: Duration.minutes(30) },
] as const;

/** Two alarms over all operations of the API, each off only while both of its windows are. */
export function addBurnRateAlarms(scope: Construct, api: HttpApi, topic: ITopic): void {
  for (const { id, factor, long, short } of burnRates) {
    const threshold = factor * errorBudget;
    const alarm = new CompositeAlarm(scope, `${id}Alarm`, {
      alarmDescription: `API: server errors use up the month's budget ${factor} times too fast`,
      alarmRule: AlarmRule.allOf(
        AlarmRule.fromAlarm(
          addWindow(scope, `${id}LongWindow`, api, { period: long, requestsMin, threshold }),
          AlarmState.ALARM,
        ),
        AlarmRule.fromAlarm(
          addWindow(scope, `${id}ShortWindow`, api, { period: short, requestsMin: 1, threshold }),
          AlarmState.ALARM,
        ),
      ),
    });
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

interface Window {
  period: Duration;
  requestsMin: number;
  threshold: number;
}

/** Tells nobody by itself. */
const addWindow = (
  scope: Construct,
  id: string,
  api: HttpApi,
  { period, requestsMin: least, threshold }: Window,
): Alarm =>
  new Alarm(scope, id, {
    alarmDescription: `API: part of server errors in ${period.toHumanString()}`,
    metric: new MathExpression({
      expression: `IF(requests >= ${least}, failures / requests, 0)`,
      usingMetrics: {
        failures: api.metricServerError({ period, statistic: "Sum" }),
        requests: api.metricCount({ period, statistic: "Sum" }),
      },
      period,
    }),
    threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
