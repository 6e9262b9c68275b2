import { describe, expect, it } from "vitest";
import type { Route, Task } from "../../lib/http/route.ts";
import { grantsOf, isRoute } from "../../lib/http/route.ts";
import type { Json, Resource } from "./support/assembly.ts";
import { assembly, nameIn, rows } from "./support/product.ts";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: Json;
  Condition?: Record<string, Record<string, Json>>;
}

const statementsOf = ({ properties }: Resource): Statement[] =>
  (
    (properties["Policies"] ?? []) as unknown as { PolicyDocument: { Statement: Statement[] } }[]
  ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** One line per permission: what is allowed, on what, and under which condition. */
function linesOf(role: Resource): string[] {
  return statementsOf(role).flatMap((statement) => {
    expect(statement.Effect).toBe("Allow");
    const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => ` if ${key} ${operator} ${assembly.spell(role.stack, value)}`,
      ),
    );
    const target = assembly.spell(role.stack, statement.Resource);
    return [statement.Action]
      .flat()
      .map((action) => `${action} on ${target}${conditions.join("")}`);
  });
}

const viaDynamoDb = " if kms:ViaService StringEquals dynamodb.<Region>.amazonaws.com";

/** What a row must be allowed, spelled out independently of the code that builds its policy. */
function expectedLinesOf(row: Route | Task): string[] {
  const grants = grantsOf(row);
  const triggers = isRoute(row) ? [] : row.triggers;
  const streams = triggers.flatMap((trigger) => (trigger.kind === "stream" ? [trigger.table] : []));
  const keepsFailures = triggers.some(({ kind }) =>
    ["schedule", "stream", "event", "log-lines"].includes(kind),
  );
  const granted = grants.map((grant) => {
    const [resource = "", action = ""] = grant.split(":");
    switch (resource) {
      case "platform-key":
        return `kms:${action} on data.platformkey.Arn`;
      case "manufacturer-key":
        return `kms:${action} on data.manufacturerkey.Arn`;
      case "backups":
        return `dynamodb:${action} on *`;
      case "event-bus":
        return `events:${action} on data.EventBus.Arn`;
      case "email":
        return (
          `ses:${action} on arn:<Partition>:ses:<Region>:<AccountId>:identity/data.EmailIdentity` +
          " if ses:FromAddress StringEquals no-reply@manufacturer-security.example"
        );
      default:
        return `dynamodb:${action} on data.${resource}table.Arn`;
    }
  });
  const usesTables = streams.length > 0 || granted.some((line) => line.startsWith("dynamodb:"));
  const writes = grants.some((grant) => /:(Put|Update|Delete)Item$/.test(grant));
  const tableKey = [
    ...(usesTables ? ["Decrypt", "DescribeKey"] : []),
    ...(writes ? ["Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"] : []),
  ].map((action) => `kms:${action} on data.tableskey.Arn${viaDynamoDb}`);
  return [
    "logs:CreateLogStream on data.FunctionLogs.Arn",
    "logs:PutLogEvents on data.FunctionLogs.Arn",
    "xray:PutTraceSegments on *",
    "xray:PutTelemetryRecords on *",
    ...granted,
    ...tableKey,
    ...streams.flatMap((table) =>
      ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
        (action) => `dynamodb:${action} on data.${table}table.StreamArn`,
      ),
    ),
    ...(keepsFailures
      ? [`sqs:SendMessage on ${nameIn(row, "").split(".")[0]}.DeadLetters.Arn`]
      : []),
  ];
}

describe("permissions", () => {
  it.each(rows)("$operationId may do what its row grants and nothing else", (row) => {
    const role = assembly.named(nameIn(row, "Role"));

    expect(linesOf(role).sort()).toEqual(expectedLinesOf(row).sort());
    expect(role.properties["ManagedPolicyArns"]).toBeUndefined();
    const { properties } = assembly.named(nameIn(row, "Function"));
    expect(assembly.spell(role.stack, properties["Role"])).toBe(`${role.name}.Arn`);
  });

  it("has no policy outside the roles and no role with a managed policy", () => {
    const types = new Set(assembly.resources.map(({ type }) => type));
    expect([...types].filter((type) => /^AWS::IAM::/.test(type))).toEqual(["AWS::IAM::Role"]);
    for (const { properties } of assembly.ofType("AWS::IAM::Role")) {
      expect(properties).not.toHaveProperty("ManagedPolicyArns");
    }
  });

  it("names every action in full", () => {
    const actions = assembly.ofType("AWS::IAM::Role").flatMap(statementsOf);
    expect(actions.length).toBeGreaterThan(rows.length);
    for (const { Action } of actions) expect([Action].flat().join()).not.toContain("*");
  });

  it("lets no role be assumed but by the service that runs it", () => {
    const principals = assembly.ofType("AWS::IAM::Role").map(({ properties }) => {
      const trust = properties["AssumeRolePolicyDocument"] as {
        Statement: { Principal: { Service: string } }[];
      };
      return trust.Statement.map(({ Principal }) => Principal.Service).join();
    });
    expect(new Set(principals)).toEqual(
      new Set(["lambda.amazonaws.com", "scheduler.amazonaws.com"]),
    );
  });

  it("lets the function that reports deployments only invoke what runs at deployment", () => {
    const runners = rows.filter(
      (row) => !isRoute(row) && row.triggers.some(({ kind }) => kind === "deployment"),
    );
    const providers = assembly
      .ofType("AWS::IAM::Role")
      .filter(({ id }) => id.startsWith("AWSCDKTrigger"));
    const lines = providers.flatMap((role) =>
      statementsOf(role).flatMap(({ Action, Resource }) =>
        [Resource].flat().map((target) => `${Action} on ${assembly.spell(role.stack, target)}`),
      ),
    );
    const log = "logs:CreateLogStream,logs:PutLogEvents on data.FunctionLogs.Arn";
    expect(lines.sort()).toEqual(
      [
        ...providers.map(() => log),
        ...runners.map((row) => `lambda:InvokeFunction on ${nameIn(row, "Function")}.Arn:*`),
      ].sort(),
    );
  });
});
