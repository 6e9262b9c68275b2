import { devNull } from "node:os";
import type { TableName } from "../lib/aws/tables.ts";
import type { EnvironmentVariable } from "../lib/config.ts";
import type { Route, Task } from "../lib/http/route.ts";
import { variablesOf } from "../lib/http/route.ts";
import { credentials, region } from "./aws-account.ts";
import { defaultMemoryMb } from "./function-host.ts";
import type { KeyArns } from "./provision-keys.ts";

export interface LocalResources {
  url: string;
  endpoints: Readonly<Record<"dynamodb" | "kms" | "eventbridge" | "sesv2", string>>;
  tableNames: Readonly<Record<TableName, string>>;
  keyArns: KeyArns;
  sourceBudgetFactor: number;
  mailsPerHour: number;
}

/** What Lambda and infra would set for the function: its row's variables and the runtime's own. */
export function functionVariables(
  row: Route | Task,
  resources: LocalResources,
): Readonly<Record<string, string>> {
  const values = valuesOf(resources);
  const { dynamodb, kms, eventbridge, sesv2 } = resources.endpoints;
  return {
    ...Object.fromEntries(variablesOf(row).map((name) => [name, values[name]])),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_KMS: kms,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventbridge,
    AWS_ENDPOINT_URL_SESV2: sesv2,
    AWS_LAMBDA_FUNCTION_NAME: row.operationId,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(row.memoryMb ?? defaultMemoryMb),
    // Invocations share an environment here, so what belongs to one must not be kept globally.
    AWS_LAMBDA_MAX_CONCURRENCY: "1000",
    // The developer's own AWS profile must have no say.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

const valuesOf = ({
  url,
  tableNames,
  keyArns,
  sourceBudgetFactor,
  mailsPerHour,
}: LocalResources): Record<EnvironmentVariable, string> => ({
  STAGE: "local",
  VERSION: "local",
  ISSUER: url,
  IDENTITY_TABLE: tableNames.identity,
  KEYS_TABLE: tableNames.keys,
  USAGE_TABLE: tableNames.usage,
  AUDIT_TABLE: tableNames.audit,
  METRICS_TABLE: tableNames.metrics,
  PLATFORM_KEY_ARN: keyArns.platform,
  MANUFACTURER_KEY_ARN: keyArns.manufacturer,
  TABLES_KEY_ARN: keyArns.tables,
  EVENT_BUS_NAME: "local",
  EMAIL_SENDER: "no-reply@manufacturer-security.example",
  FRONT_END_URL: url,
  FIPS: "off",
  SOURCE_BUDGET_FACTOR: String(sourceBudgetFactor),
  MAILS_PER_HOUR: String(mailsPerHour),
});
