import { Duration } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { EnvironmentVariable } from "../lib/config.ts";
import type { Route, Task } from "../lib/http/route.ts";
import { fileNameOf, variablesOf } from "../lib/http/route.ts";
import { bundlePathOf } from "./build.ts";
import type { DataStack } from "./data-stack.ts";
import { policyOf } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

const defaultMemoryMb = 512;
const defaultTimeoutSeconds = 10;

export interface FunctionResources {
  settings: Settings;
  data: DataStack;
  /** The base URL that tokens name as their issuer. */
  issuer: string;
  /** Where `infra/build.ts` put the bundles. */
  bundleDirectory: string;
}

/** The name by which a person or a script invokes the function. */
export const functionNameOf = (settings: Settings, operationId: string): string =>
  nameOf(settings, fileNameOf(operationId));

/** The Lambda function of a row, under a role of its own that may do what the row grants. */
export function addFunction(
  scope: Construct,
  row: Route | Task,
  resources: FunctionResources,
  deadLetters: IQueue | undefined,
): LambdaFunction {
  const { settings, data, bundleDirectory } = resources;
  const role = new Role(scope, "Role", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: { function: policyOf(row, data, settings, deadLetters) },
  });
  return new LambdaFunction(scope, "Function", {
    functionName: functionNameOf(settings, row.operationId),
    description: row.summary,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(`${bundleDirectory}/${bundlePathOf(row)}`, { exclude: ["*.map"] }),
    handler: "index.handler",
    // The policy is complete: nothing that CDK would add to it is wanted.
    role: role.withoutPolicyUpdates(),
    environment: environmentOf(row, resources),
    memorySize: row.memoryMb ?? defaultMemoryMb,
    timeout: Duration.seconds(row.timeoutSeconds ?? defaultTimeoutSeconds),
    ...(row.reservedConcurrency !== undefined && {
      reservedConcurrentExecutions: row.reservedConcurrency,
    }),
    tracing: Tracing.ACTIVE,
    logGroup: data.logs.functions,
    // Lines arrive as they were written, so that those in the embedded metric format are seen as such.
    loggingFormat: LoggingFormat.TEXT,
  });
}

/** Exactly the variables that the row implies, and the SDK's own switch where FIPS is demanded. */
function environmentOf(row: Route | Task, resources: FunctionResources): Record<string, string> {
  const values = valuesOf(resources);
  return {
    ...Object.fromEntries(variablesOf(row).map((name) => [name, values[name]])),
    ...(resources.settings.fips && { AWS_USE_FIPS_ENDPOINT: "true" }),
  };
}

const valuesOf = ({
  settings,
  data,
  issuer,
}: FunctionResources): Record<EnvironmentVariable, string> => ({
  STAGE: settings.stage,
  VERSION: settings.version,
  ISSUER: issuer,
  IDENTITY_TABLE: data.tables.identity.tableName,
  KEYS_TABLE: data.tables.keys.tableName,
  USAGE_TABLE: data.tables.usage.tableName,
  AUDIT_TABLE: data.tables.audit.tableName,
  METRICS_TABLE: data.tables.metrics.tableName,
  PLATFORM_KEY_ARN: data.keys.platform.keyArn,
  MANUFACTURER_KEY_ARN: data.keys.manufacturer.keyArn,
  TABLES_KEY_ARN: data.keys.tables.keyArn,
  EVENT_BUS_NAME: data.eventBus.eventBusName,
  EMAIL_SENDER: settings.emailSender,
  FRONT_END_URL: settings.frontEndUrl,
  MAILS_PER_HOUR: String(settings.mailsPerHour),
  SOURCE_BUDGET_FACTOR: String(settings.sourceBudgetFactor),
  FIPS: settings.fips ? "require" : "off",
});
