import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import { Match, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { EventSourceMapping, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { FilterPattern, SubscriptionFilter } from "aws-cdk-lib/aws-logs";
import { LambdaDestination } from "aws-cdk-lib/aws-logs-destinations";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { eventSource } from "../lib/audit/event-source.ts";
import type { TableName } from "../lib/aws/tables.ts";
import { metricsNamespace } from "../lib/http/metrics.ts";
import type { Task, Trigger } from "../lib/http/route.ts";
import type { DataStack } from "./data-stack.ts";
import { runAtDeployment } from "./deployment.ts";
import { addSchedule } from "./schedules.ts";

/** Kinds that Lambda invokes without anybody waiting: what fails for good must be kept. */
const asynchronousKinds: readonly Trigger["kind"][] = ["schedule", "event", "log-lines"];
const eventAgeMax = Duration.hours(6);
const invocationRetriesMax = 2;

/** Several hours of retries: an outage behind the function must not cost a record. */
const streamRetriesMax = 200;
const streamBatchSize = 100;

/** Whether an event for this task can be lost, so that a queue must catch it. */
export const needsDeadLetters = ({ triggers }: Task): boolean =>
  triggers.some(({ kind }) => kind === "stream" || asynchronousKinds.includes(kind));

/** Where events end that no retry could deliver; an alarm watches it. */
export const addDeadLetters = (scope: Construct): Queue =>
  new Queue(scope, "DeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });

/** Connects the function to everything that starts it. */
export function addTriggers(
  scope: Construct,
  { triggers, operationId }: Task,
  handler: LambdaFunction,
  data: DataStack,
  deadLetters: IQueue | undefined,
): void {
  const isAsynchronous = triggers.some(({ kind }) => asynchronousKinds.includes(kind));
  if (deadLetters && isAsynchronous) {
    handler.configureAsyncInvoke({
      retryAttempts: invocationRetriesMax,
      maxEventAge: eventAgeMax,
      onFailure: new SqsDestination(deadLetters),
    });
  }
  const kept = (): IQueue => {
    if (!deadLetters) throw new Error(`${operationId} may lose events`);
    return deadLetters;
  };
  for (const [index, trigger] of triggers.entries()) {
    const id = `Trigger${index}`;
    switch (trigger.kind) {
      case "schedule":
        addSchedule(scope, id, trigger.expression, handler, kept());
        break;
      case "stream":
        followStream(scope, id, trigger.table, handler, data, kept());
        break;
      case "event":
        followEvents(scope, id, trigger.detailTypePrefixes, handler, data.eventBus, kept());
        break;
      case "log-lines":
        followMetricLines(scope, id, operationId, handler, data);
        break;
      case "deployment":
        runAtDeployment(scope, id, handler, data.logs.functions);
        break;
      case "authorizer":
        offerAsAuthorizer(scope, id, operationId, handler);
        break;
      case "invoke":
        // Whoever has `lambda:InvokeFunction` in IAM; nothing to connect.
        break;
    }
  }
}

/** Every record in order, a bad one isolated by halving its batch and reported on its own. */
function followStream(
  scope: Construct,
  id: string,
  table: TableName,
  target: LambdaFunction,
  data: DataStack,
  deadLetters: IQueue,
): void {
  const { tableStreamArn } = data.tables[table];
  if (tableStreamArn === undefined) throw new Error(`table ${table} has no stream to follow`);
  new EventSourceMapping(scope, id, {
    target,
    eventSourceArn: tableStreamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: streamBatchSize,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: streamRetriesMax,
    onFailure: new SqsDlq(deadLetters),
  });
}

function followEvents(
  scope: Construct,
  id: string,
  detailTypePrefixes: readonly string[],
  handler: LambdaFunction,
  eventBus: EventBus,
  deadLetterQueue: IQueue,
): void {
  new Rule(scope, id, {
    eventBus,
    eventPattern: {
      // Whoever else writes on the bus starts none of our functions.
      source: [eventSource],
      detailType: detailTypePrefixes.flatMap((prefix) => Match.prefix(prefix)),
    },
    targets: [new FunctionTarget(handler, { deadLetterQueue, maxEventAge: eventAgeMax })],
  });
}

/** All invocations' metric lines but the follower's own, which would feed it for ever. */
function followMetricLines(
  scope: Construct,
  id: string,
  operationId: string,
  handler: LambdaFunction,
  data: DataStack,
): void {
  new SubscriptionFilter(scope, id, {
    logGroup: data.logs.functions,
    destination: new LambdaDestination(handler),
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue("$._aws.CloudWatchMetrics[0].Namespace", "=", metricsNamespace),
      FilterPattern.stringValue("$.operation", "!=", operationId),
    ),
  });
}

/** Any HTTP API of this account may name the function as its authorizer; the ARN is an output. */
function offerAsAuthorizer(
  scope: Construct,
  id: string,
  operationId: string,
  handler: LambdaFunction,
): void {
  const stack = Stack.of(scope);
  handler.addPermission(id, {
    principal: new ServicePrincipal("apigateway.amazonaws.com"),
    sourceArn: stack.formatArn({
      service: "execute-api",
      resource: "*",
      resourceName: "authorizers/*",
    }),
  });
  new CfnOutput(stack, `${operationId}Arn`, { value: handler.functionArn });
}
