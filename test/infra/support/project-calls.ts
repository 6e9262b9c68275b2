import type { Assembly } from "./assembly.ts";
import type { Call } from "./evaluate-policy.ts";

/** What somebody inside a function could try: all that functions do, and what would do harm. */
const verbs: Readonly<Record<string, string>> = {
  dynamodb: `GetItem BatchGetItem Query Scan PutItem UpdateItem DeleteItem ConditionCheckItem
    BatchWriteItem PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete DescribeTable
    DescribeContinuousBackups DescribeStream GetRecords GetShardIterator ListStreams ListTables
    CreateTable UpdateTable DeleteTable UpdateTimeToLive UpdateContinuousBackups CreateBackup
    DeleteBackup RestoreTableToPointInTime RestoreTableFromBackup ExportTableToPointInTime
    PutResourcePolicy DeleteResourcePolicy EnableKinesisStreamingDestination TagResource`,
  kms: `Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext
    GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateRandom DescribeKey GetKeyPolicy
    GetKeyRotationStatus ListGrants PutKeyPolicy CreateGrant RetireGrant RevokeGrant ScheduleKeyDeletion
    CancelKeyDeletion DisableKey EnableKey DisableKeyRotation UpdateAlias DeleteAlias
    ImportKeyMaterial DeleteImportedKeyMaterial TagResource`,
  logs: `CreateLogGroup CreateLogStream PutLogEvents DeleteLogGroup DeleteLogStream FilterLogEvents
    GetLogEvents StartQuery PutRetentionPolicy PutSubscriptionFilter DeleteSubscriptionFilter
    DisassociateKmsKey`,
  lambda: `InvokeFunction InvokeAsync GetFunction GetFunctionConfiguration UpdateFunctionCode
    UpdateFunctionConfiguration AddPermission DeleteFunction PutFunctionConcurrency
    CreateEventSourceMapping UpdateEventSourceMapping`,
  iam: "PassRole PutRolePolicy AttachRolePolicy UpdateAssumeRolePolicy CreateRole CreateAccessKey",
  sts: "AssumeRole TagSession GetFederationToken",
  events: "PutEvents PutRule PutTargets RemoveTargets DeleteRule DisableRule PutPermission",
  scheduler: "CreateSchedule UpdateSchedule DeleteSchedule GetSchedule",
  sns: "Publish Subscribe Unsubscribe SetTopicAttributes AddPermission DeleteTopic",
  sqs: `SendMessage ReceiveMessage DeleteMessage PurgeQueue SetQueueAttributes AddPermission
    DeleteQueue`,
  ses: `SendEmail SendRawEmail SendTemplatedEmail SendBulkEmail DeleteEmailIdentity
    PutEmailIdentityDkimAttributes CreateEmailIdentityPolicy`,
  cloudwatch: "PutMetricData PutMetricAlarm DeleteAlarms DisableAlarmActions SetAlarmState",
  apigateway: "GET POST PUT PATCH DELETE",
  execute: "Invoke",
  cloudformation: "CreateStack UpdateStack DeleteStack CreateChangeSet ExecuteChangeSet",
  s3: "GetObject PutObject DeleteObject ListBucket",
  secretsmanager: "GetSecretValue PutSecretValue",
  ssm: "GetParameter PutParameter SendCommand",
  ec2: "RunInstances CreateNetworkInterface",
};

/** Services whose actions have no resource. */
const actionsOfNoResource = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "dynamodb:ListBackups",
].concat(
  ["GetSamplingRules", "GetTraceSummaries", "PutEncryptionConfig"].map((verb) => `xray:${verb}`),
);

export const viaDynamoDb = { "kms:ViaService": "dynamodb.<Region>.amazonaws.com" };
const viaAnother = { "kms:ViaService": "secretsmanager.<Region>.amazonaws.com" };
export const fromSender = { "ses:FromAddress": "no-reply@manufacturer-security.example" };
const fromAnother = { "ses:FromAddress": "ceo@manufacturer-security.example" };

/** In which circumstances a call is tried, where a policy of ours asks. */
const contexts: Readonly<Record<string, readonly Call["context"][]>> = {
  kms: [{}, viaDynamoDb, viaAnother],
  ses: [{}, fromSender, fromAnother],
};

/** Whether two calls are the same one. */
export const nameOfCall = ({ action, resource, context }: Call): string =>
  [action, "on", resource, ...Object.entries(context).flat()].join(" ");

/** Every action on every resource that the app has, and on things of the same kind that it has not. */
export function callsOn(assembly: Assembly): Call[] {
  const resources = resourcesOf(assembly);
  const calls = Object.entries(verbs).flatMap(([service, words]) =>
    words
      .split(/\s+/)
      .flatMap((verb) =>
        (contexts[service] ?? [{}]).flatMap((context) =>
          resources.map((resource) => ({ action: `${service}:${verb}`, resource, context })),
        ),
      ),
  );
  const others = actionsOfNoResource.map((action) => ({ action, resource: "*", context: {} }));
  return [...calls, ...others];
}

/** Domain identities have no attribute for their ARN. */
export const emailIdentityArn = (name: string): string =>
  `arn:<Partition>:ses:<Region>:<AccountId>:identity/${name}`;

/** What a permission could be about; the rest of a template only connects these. */
const kinds = new Set([
  ..."DynamoDB::Table KMS::Key Lambda::Function IAM::Role SQS::Queue SNS::Topic".split(" "),
  ..."Logs::LogGroup Events::EventBus Events::Rule SES::EmailIdentity".split(" "),
]);

function resourcesOf(assembly: Assembly): string[] {
  const own = assembly.resources.flatMap(({ name, type }) => {
    if (!kinds.has(type.replace("AWS::", ""))) return [];
    if (type === "AWS::SES::EmailIdentity") return [emailIdentityArn(name)];
    if (type === "AWS::SNS::Topic") return [name];
    if (type !== "AWS::DynamoDB::Table") return [`${name}.Arn`];
    return [`${name}.Arn`, `${name}.StreamArn`, `${name}.Arn/index/any`, `${name}.Arn/backup/any`];
  });
  const foreign = ["dynamodb", "kms", "lambda", "logs", "events", "ses", "sqs", "s3", "iam"].map(
    (service) => `arn:<Partition>:${service}:<Region>:<AccountId>:foreign`,
  );
  return [...own, ...foreign];
}
