import type { core as schema } from "zod/mini";
import type { SourceBudgetName } from "../abuse/source-budget.ts";
import type { Permission } from "../access/policy.ts";
import type { TableName } from "../aws/tables.ts";
import { tables } from "../aws/tables.ts";
import type { EnvironmentVariable } from "../config.ts";
import type { ProblemCode } from "../problem.ts";
import type { Screening } from "../threats/screening.ts";
import type { Metering } from "../usage/metering.ts";
import { chargeGrants } from "../usage/metering.ts";

type DynamoAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "Scan"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem"
  | "DescribeTable"
  | "DescribeContinuousBackups";

type KmsAction =
  | "Encrypt"
  | "Decrypt"
  | "DescribeKey"
  | "GenerateDataKeyWithoutPlaintext"
  | "GenerateDataKeyPairWithoutPlaintext"
  | "GetKeyRotationStatus"
  | "GetKeyPolicy"
  | "ListGrants";

/** One thing a function may do: the single source of its IAM policy and of its environment. */
export type Grant =
  | `${TableName}:${DynamoAction}`
  | `platform-key:${KmsAction}`
  | `manufacturer-key:${KmsAction}`
  | "backups:ListBackups"
  | "event-bus:PutEvents"
  | "email:SendEmail";

export const domains = [
  "platform",
  "accounts",
  "auth",
  "mfa",
  "devices",
  "access",
  "usage",
  "encryption",
  "threats",
  "business-data",
  "performance",
  "audit",
  "operator",
  "notifications",
] as const;

export type Domain = (typeof domains)[number];

/** What every function has in common, whatever starts it. */
export interface FunctionRow {
  /** Verb and noun in camel case; also the handler file (in kebab case) and the rule's export. */
  operationId: string;
  domain: Domain;
  summary: string;
  uses: readonly Grant[];
  /** Settings beyond those that `uses` and `access` imply. */
  settings?: readonly EnvironmentVariable[];
  /** p99 target of the whole invocation, in milliseconds: the latency alarm and the benchmarks use it. */
  latencyBudgetMs: number;
  memoryMb?: number;
  timeoutSeconds?: number;
  /** Set where abuse would cost money or starve other functions. */
  reservedConcurrency?: number;
}

/**
 * Who may call an operation: anybody; whoever has a living session, of one factor too where two are
 * demanded of them (`session`: what ends sessions, proves or finds a factor, or tells what is missing);
 * a member who has authenticated as well as is demanded of them; a member with a permission.
 */
export type Access = "public" | "session" | "member" | Permission;

/** The permission that an operation asks for, if it asks for one. */
export const permissionOf = (access: Access): Permission | undefined =>
  access === "public" || access === "session" || access === "member" ? undefined : access;

export interface Route extends FunctionRow {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in API Gateway and OpenAPI: `/v1/members/{memberId}`. */
  path: `/${string}`;
  access: Access;
  /** Which budget of its source a request of a stranger spends, before anything else is done for it. */
  sourceBudget?: SourceBudgetName;
  /** What a valid request costs its caller; given back when the platform fails. */
  meters?: Metering;
  /** How the body is screened for attacks: off unless said. Rows whose body holds free text say so. */
  screens?: Screening;
  params?: schema.$ZodType;
  query?: schema.$ZodType;
  headers?: schema.$ZodType;
  body?: schema.$ZodType;
  /** No body at all stands for an empty object. */
  isBodyOptional?: true;
  /** Largest accepted body in bytes, 1 MiB unless said. */
  bodyBytesMax?: number;
  success: {
    status: 200 | 201 | 202 | 204;
    schema?: schema.$ZodType;
    /** `application/json` unless said. */
    contentTypes?: readonly string[];
  };
  /** Codes beyond those that the wrap can always answer. */
  problems: readonly ProblemCode[];
}

/** What starts a function that has no route. */
export type Trigger =
  | { kind: "schedule"; expression: `rate(${string})` | `cron(${string})` }
  | { kind: "stream"; table: TableName }
  | { kind: "event"; detailTypePrefixes: readonly string[] }
  | { kind: "log-lines" }
  | { kind: "deployment" }
  | { kind: "invoke" }
  | { kind: "authorizer" };

/** A function without a route: scheduled, fed by a stream, by events, by log lines, or invoked by name. */
export interface Task extends FunctionRow {
  triggers: readonly Trigger[];
}

export const isRoute = (row: Route | Task): row is Route => "path" in row;

/** Grants that follow from `access`: proving a caller reads signing keys and the member's access item. */
const authenticationGrants: readonly Grant[] = ["keys:Query", "identity:BatchGetItem"];

const isProtected = (row: Route | Task): boolean =>
  isRoute(row) ? row.access !== "public" : row.triggers.some(({ kind }) => kind === "authorizer");

/** Everything the function may do: its own grants and those its access, metering and screening imply, without repeats. */
export const grantsOf = (row: Route | Task): readonly Grant[] => [
  ...new Set<Grant>([
    ...row.uses,
    ...(isProtected(row) ? authenticationGrants : []),
    ...(isRoute(row) && row.meters ? chargeGrants : []),
    ...(isRoute(row) && row.sourceBudget ? (["identity:UpdateItem"] as const) : []),
    ...(isRoute(row) && (row.screens || isProtected(row)) ? (["audit:PutItem"] as const) : []),
  ]),
];

const variableByResource: Record<string, EnvironmentVariable> = {
  ...Object.fromEntries(Object.entries(tables).map(([name, { variable }]) => [name, variable])),
  "platform-key": "PLATFORM_KEY_ARN",
  "manufacturer-key": "MANUFACTURER_KEY_ARN",
  // The backups of the keys table are those that are asked for.
  backups: "KEYS_TABLE",
  "event-bus": "EVENT_BUS_NAME",
  email: "EMAIL_SENDER",
};

/** The environment that infra and the local stack give the function, and that its handler reads. */
export function variablesOf(row: Route | Task): readonly EnvironmentVariable[] {
  const fromGrants = grantsOf(row).map((grant) => {
    const variable = variableByResource[grant.slice(0, grant.indexOf(":"))];
    if (!variable) throw new Error(`no variable for grant ${grant}`);
    return variable;
  });
  const always: EnvironmentVariable[] = ["STAGE", "VERSION"];
  const issuer: EnvironmentVariable[] = isProtected(row) ? ["ISSUER"] : [];
  const factor: EnvironmentVariable[] =
    isRoute(row) && row.sourceBudget ? ["SOURCE_BUDGET_FACTOR"] : [];
  return [...new Set([...always, ...issuer, ...factor, ...fromGrants, ...(row.settings ?? [])])];
}

/** `createMember` -> `create-member`: the handler's and the rule's file name. */
export const fileNameOf = (operationId: string): string =>
  operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
