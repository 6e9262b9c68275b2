/**
 * Reads the named environment variables once, at init, and fails naming every missing one.
 * The only place that touches `process.env`.
 *
 * @throws Error listing all absent names, so that a broken deployment is seen at its first start.
 */
export function readEnv<const Names extends readonly EnvironmentVariable[]>(
  names: Names,
): Readonly<Record<Names[number], string>> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`missing environment variables: ${missing.join(", ")}`);
  return Object.freeze(
    Object.fromEntries(names.map((name) => [name, process.env[name]])),
  ) as Record<Names[number], string>;
}

/**
 * The AWS region a function runs in. Lambda sets it by itself, so it is no part of a row's variables.
 *
 * @throws Error where it is absent
 */
export function readRegion(): string {
  const region = process.env["AWS_REGION"];
  if (!region) throw new Error("missing environment variables: AWS_REGION");
  return region;
}

/** Every variable a function may have; infra sets exactly those that the function's row implies. */
export const environmentVariables = [
  "STAGE",
  "VERSION",
  "ISSUER",
  "IDENTITY_TABLE",
  "KEYS_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
  "METRICS_TABLE",
  "PLATFORM_KEY_ARN",
  "MANUFACTURER_KEY_ARN",
  "TABLES_KEY_ARN",
  "EVENT_BUS_NAME",
  "EMAIL_SENDER",
  "FRONT_END_URL",
  "FIPS",
  "SOURCE_BUDGET_FACTOR",
  "MAILS_PER_HOUR",
] as const;

export type EnvironmentVariable = (typeof environmentVariables)[number];

/** The trace of the current invocation, which Lambda's active tracing sets; undefined elsewhere. */
export const readTraceId = (): string | undefined =>
  process.env["_X_AMZN_TRACE_ID"]?.match(/Root=([^;]+)/)?.[1];

/** Whether this process is a Lambda environment and no other one's guest. */
export const isLambda = (): boolean => process.env["AWS_LAMBDA_INITIALIZATION_TYPE"] !== undefined;
