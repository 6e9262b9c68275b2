import { Duration, Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

const retryAttemptsMax = 10;
const eventAgeMax = Duration.hours(1);

/**
 * Invokes the function at the times of the expression, in UTC. What cannot be delivered within the
 * hour becomes a dead letter; the role may invoke this function and nothing else.
 */
export function addSchedule(
  scope: Construct,
  id: string,
  expression: string,
  handler: IFunction,
  deadLetters: IQueue,
): void {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
    inlinePolicies: {
      schedule: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ["lambda:InvokeFunction"],
            resources: [handler.functionArn],
          }),
          new PolicyStatement({
            actions: ["sqs:SendMessage"],
            resources: [deadLetters.queueArn],
          }),
        ],
      }),
    },
  });
  new CfnSchedule(scope, id, {
    scheduleExpression: expression,
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: handler.functionArn,
      roleArn: role.roleArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: {
        maximumRetryAttempts: retryAttemptsMax,
        maximumEventAgeInSeconds: eventAgeMax.toSeconds(),
      },
    },
  });
}
