import { ArnFormat, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { accessLogGroupName, functionLogGroupName } from "./logs.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

export interface Keys {
  /** Encrypts the tables at rest; functions use it through DynamoDB alone. */
  tables: Key;
  /** Wraps the platform's own secrets: signing keys, pepper. */
  platform: Key;
  /** Wraps the manufacturers' keys. */
  manufacturer: Key;
  /** Encrypts logs and alarm messages. */
  operations: Key;
}

/**
 * Four keys, since each guards against another reader: whoever may read a table cannot unwrap the
 * secrets in it, and whoever unwraps the platform's cannot unwrap the manufacturers'. Every key
 * rotates yearly and needs thirty days to be deleted.
 */
export function addKeys(scope: Construct, settings: Settings): Keys {
  const add = (name: keyof Keys, description: string): Key =>
    new Key(scope, `${name}-key`, {
      alias: nameOf(settings, name),
      description,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  const keys: Keys = {
    tables: add("tables", "Encrypts the tables at rest"),
    platform: add("platform", "Wraps signing keys and platform secrets"),
    manufacturer: add("manufacturer", "Wraps manufacturers' keys"),
    operations: add("operations", "Encrypts logs and alarm messages"),
  };
  keys.operations.addToResourcePolicy(forLogs(Stack.of(scope), settings));
  keys.operations.addToResourcePolicy(forAlarms(Stack.of(scope)));
  return keys;
}

/** CloudWatch Logs encrypts our log groups with the key, and no other log group. */
const forLogs = (stack: Stack, settings: Settings): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:DescribeKey",
    ],
    resources: ["*"],
    conditions: {
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": [functionLogGroupName, accessLogGroupName].map(
          (groupName) =>
            stack.formatArn({
              service: "logs",
              resource: "log-group",
              resourceName: groupName(settings),
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
        ),
      },
    },
  });

/** CloudWatch publishes this account's alarms to the encrypted topic. */
const forAlarms = (stack: Stack): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: ["*"],
    conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
  });
