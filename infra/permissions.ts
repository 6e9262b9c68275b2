import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { TableName } from "../lib/aws/tables.ts";
import type { Grant, Route, Task } from "../lib/http/route.ts";
import { grantsOf, isRoute } from "../lib/http/route.ts";
import type { DataStack } from "./data-stack.ts";
import type { Settings } from "./settings.ts";

/** What a grant's resource is called in IAM. */
interface Target {
  service: "dynamodb" | "kms" | "events" | "ses";
  arn: string;
  conditions?: Record<string, Record<string, string>>;
}

/**
 * The whole policy of a function's role: its log lines, its traces, what its row grants, and what
 * its triggers need. Every action is spelled out.
 *
 * @param deadLetters where a task's lost events go; a row without such a trigger gets no access.
 */
export function policyOf(
  row: Route | Task,
  data: DataStack,
  settings: Settings,
  deadLetters: IQueue | undefined,
): PolicyDocument {
  const grants = Object.groupBy(grantsOf(row), (grant) => grant.slice(0, grant.indexOf(":")));
  const targets = targetsOf(data, settings);
  const statements = Object.entries(grants).map(([resource, granted = []]) =>
    allowGranted(targets[resource], granted),
  );
  const streams = streamsOf(row);
  const touched = [...Object.keys(data.tables).filter((name) => grants[name]), ...streams];
  return new PolicyDocument({
    statements: [
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], data.logs.functions.logGroupArn),
      // X-Ray has no resources to name.
      allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
      ...statements,
      ...(touched.length > 0 ? [useTableKey(data, isWriter(row))] : []),
      ...streams.map((name) => readStream(data, name)),
      ...(deadLetters ? [allow(["sqs:SendMessage"], deadLetters.queueArn)] : []),
    ],
  });
}

const allow = (actions: readonly string[], arn: string): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [arn] });

function targetsOf(data: DataStack, { emailSender }: Settings): Record<string, Target> {
  const tables = Object.entries(data.tables).map(([name, { tableArn }]): [string, Target] => [
    name,
    { service: "dynamodb", arn: tableArn },
  ]);
  return {
    ...Object.fromEntries(tables),
    "platform-key": { service: "kms", arn: data.keys.platform.keyArn },
    "manufacturer-key": { service: "kms", arn: data.keys.manufacturer.keyArn },
    // IAM knows no resource for listing backups; what they hold cannot be read with it.
    backups: { service: "dynamodb", arn: "*" },
    "event-bus": { service: "events", arn: data.eventBus.eventBusArn },
    email: {
      service: "ses",
      arn: data.emailIdentity.emailIdentityArn,
      conditions: { StringEquals: { "ses:FromAddress": emailSender } },
    },
  };
}

function allowGranted(target: Target | undefined, grants: readonly Grant[]): PolicyStatement {
  if (!target) throw new Error(`no resource for grants ${grants.join(", ")}`);
  return new PolicyStatement({
    actions: grants.map((grant) => `${target.service}:${grant.slice(grant.indexOf(":") + 1)}`),
    resources: [target.arn],
    ...(target.conditions && { conditions: target.conditions }),
  });
}

const isWriter = (row: Route | Task): boolean =>
  grantsOf(row).some((grant) => /:(PutItem|UpdateItem|DeleteItem)$/.test(grant));

/**
 * DynamoDB asks KMS in the caller's name, so the caller needs the key, but never directly: without
 * `kms:ViaService` a function could decrypt what it is not granted to read.
 */
function useTableKey(data: DataStack, writes: boolean): PolicyStatement {
  const { region } = Stack.of(data);
  return new PolicyStatement({
    actions: [
      "kms:Decrypt",
      "kms:DescribeKey",
      ...(writes ? ["kms:Encrypt", "kms:GenerateDataKey"] : []),
      ...(writes ? ["kms:ReEncryptFrom", "kms:ReEncryptTo"] : []),
    ],
    resources: [data.keys.tables.keyArn],
    conditions: { StringEquals: { "kms:ViaService": `dynamodb.${region}.amazonaws.com` } },
  });
}

const streamsOf = (row: Route | Task): readonly TableName[] =>
  isRoute(row)
    ? []
    : row.triggers.flatMap((trigger) => (trigger.kind === "stream" ? [trigger.table] : []));

/** What Lambda does in the function's name to feed it. */
function readStream(data: DataStack, name: TableName): PolicyStatement {
  const { tableStreamArn } = data.tables[name];
  if (tableStreamArn === undefined) throw new Error(`table ${name} has no stream to read`);
  const verbs = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
  return allow(
    verbs.map((verb) => `dynamodb:${verb}`),
    tableStreamArn,
  );
}
