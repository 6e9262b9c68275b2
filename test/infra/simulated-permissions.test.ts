import { describe, expect, it } from "vitest";
import type { Route, Task } from "../../lib/http/route.ts";
import { grantsOf, isRoute } from "../../lib/http/route.ts";
import type { Json, Resource } from "./support/assembly.ts";
import type { Call, Statement } from "./support/evaluate-policy.ts";
import { concerns, isAllowed } from "./support/evaluate-policy.ts";
import { assembly, nameIn, rows } from "./support/product.ts";
import {
  callsOn,
  emailIdentityArn,
  fromSender,
  nameOfCall,
  viaDynamoDb,
} from "./support/project-calls.ts";

const attempts = callsOn(assembly);
const attemptsByAction = Map.groupBy(attempts, ({ action }) => action);
const attemptNames = new Set(attempts.map(nameOfCall));

/** The policy's references as words; lists and conditions stay what they are. */
function spellOut(stack: string, value: Json): unknown {
  if (Array.isArray(value)) return value.map((part) => spellOut(stack, part));
  if (typeof value !== "object" || value === null) return value;
  const isReference = Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));
  if (isReference) return assembly.spell(stack, value);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, spellOut(stack, part)]),
  );
}

const statementsOf = ({ stack, properties }: Resource): Statement[] =>
  (properties["Policies"] as { PolicyDocument: { Statement: Json } }[]).flatMap(
    ({ PolicyDocument }) => spellOut(stack, PolicyDocument.Statement) as Statement[],
  );

/** What the function must be able to do: its row's grants, and what AWS does in its name. */
function callsNeededBy(row: Route | Task): Call[] {
  const call = (action: string, resource: string, context = {}): Call => ({
    action,
    resource,
    context,
  });
  const granted = grantsOf(row).map((grant) => {
    const [resource = "", verb = ""] = grant.split(":");
    if (resource === "email") {
      return call(`ses:${verb}`, emailIdentityArn("data.EmailIdentity"), fromSender);
    }
    if (resource === "backups") return call(`dynamodb:${verb}`, "*");
    if (resource === "event-bus") return call(`events:${verb}`, "data.EventBus.Arn");
    return resource.endsWith("-key")
      ? call(`kms:${verb}`, `data.${resource.replace("-", "")}.Arn`)
      : call(`dynamodb:${verb}`, `data.${resource}table.Arn`);
  });
  // A key of the platform or of manufacturers is used directly, whoever else would call it.
  const keyCalls = granted.filter(({ action }) => action.startsWith("kms:"));
  const kinds = isRoute(row) ? [] : row.triggers;
  const streams = kinds.flatMap((trigger) => (trigger.kind === "stream" ? [trigger.table] : []));
  const writes = grantsOf(row).some((grant) => /:(Put|Update|Delete)Item$/.test(grant));
  const tables = granted.some(({ action }) => action.startsWith("dynamodb:")) || streams.length > 0;
  const tableKey = [
    ...(tables ? ["Decrypt", "DescribeKey"] : []),
    ...(writes ? ["Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"] : []),
  ].map((verb) => call(`kms:${verb}`, "data.tableskey.Arn", viaDynamoDb));
  const keepsFailures = kinds.some(({ kind }) =>
    ["schedule", "stream", "event", "log-lines"].includes(kind),
  );
  const deadLetters = `${nameIn(row, "").split(".")[0]}.DeadLetters.Arn`;
  return [
    ...granted,
    ...keyCalls.flatMap((one) =>
      attempts.filter(({ action, resource }) => action === one.action && resource === one.resource),
    ),
    ...tableKey,
    ...["CreateLogStream", "PutLogEvents"].map((verb) =>
      call(`logs:${verb}`, "data.FunctionLogs.Arn"),
    ),
    ...["PutTraceSegments", "PutTelemetryRecords"].map((verb) => call(`xray:${verb}`, "*")),
    ...streams.flatMap((table) =>
      ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((verb) =>
        call(`dynamodb:${verb}`, `data.${table}table.StreamArn`),
      ),
    ),
    ...(keepsFailures ? [call("sqs:SendMessage", deadLetters)] : []),
  ];
}

/** Calls that the row needs and the policy denies, and calls that are allowed though nothing needs them. */
function differences(row: Route | Task, statements: readonly Statement[]) {
  const needed = new Map(callsNeededBy(row).map((call) => [nameOfCall(call), call]));
  const excessive = [...attemptsByAction].flatMap(([action, calls]) => {
    const concerned = statements.filter((statement) => concerns(statement, action));
    if (concerned.length === 0) return [];
    return calls.filter((call) => isAllowed(concerned, call) && !needed.has(nameOfCall(call)));
  });
  const denied = [...needed.values()].filter((call) => !isAllowed(statements, call));
  const untried = [...needed.keys()].filter((name) => !attemptNames.has(name));
  return { denied: denied.map(nameOfCall), excessive: excessive.map(nameOfCall), untried };
}

const nothing = { denied: [], excessive: [], untried: [] };

describe("simulated policies", () => {
  it.each(rows)("$operationId can call what its row needs and nothing else in the app", (row) => {
    const statements = statementsOf(assembly.named(nameIn(row, "Role")));
    expect(differences(row, statements)).toEqual(nothing);
  });

  it("try a hundred actions on every table, key, function, role and queue", () => {
    expect(attemptsByAction.size).toBeGreaterThan(100);
    expect(new Set(attempts.map(({ resource }) => resource)).size).toBeGreaterThan(2 * rows.length);
  });
});

describe("a policy that is not exact is found out", () => {
  const row = rows.find(({ operationId }) => operationId === "sendNotification");
  if (!row) throw new Error("no row sends e-mails");
  const statements = statementsOf(assembly.named(nameIn(row, "Role")));
  const actionsOf = ({ Action }: Statement): string[] => [Action].flat();
  const uses = (statement: Statement, prefix: string): boolean =>
    actionsOf(statement).some((action) => action.startsWith(prefix));
  /** The policy with every statement of that service changed. */
  const changed = (prefix: string, change: Partial<Statement>): Statement[] =>
    statements.map((statement) =>
      uses(statement, prefix) ? { ...statement, ...change } : statement,
    );
  const withoutConditions = (prefix: string): Statement[] =>
    statements.map(({ Condition, ...statement }) =>
      Condition && !uses(statement, prefix) ? { ...statement, Condition } : statement,
    );

  it.each([
    ["any action on a table", changed("dynamodb:", { Action: "dynamodb:*" })],
    [
      "any reading of a table",
      changed("dynamodb:", { Action: ["dynamodb:*Get*", "dynamodb:?can"] }),
    ],
    ["all tables", changed("dynamodb:", { Resource: "*" })],
    ["what is below a table", changed("dynamodb:", { Resource: ["data.identitytable.Arn*"] })],
    ["e-mails of any sender", withoutConditions("ses:")],
    ["the tables' key directly", withoutConditions("kms:")],
    ["a role to pass on", [...statements, allow("iam:PassRole", "*")]],
    ["another function", [...statements, allow("lambda:InvokeFunction", "*")]],
  ])("for it allows %s", (_, widened) => {
    expect(differences(row, widened).excessive).not.toEqual([]);
  });

  it.each([
    ["a grant is missing", statements.filter((statement) => !uses(statement, "ses:"))],
    [
      "it is denied as well",
      [...statements, { ...allow("ses:SendEmail", "*"), Effect: "Deny" as const }],
    ],
  ])("for %s", (_, narrowed) => {
    expect(differences(row, narrowed).denied).not.toEqual([]);
  });

  it.each([
    { NotAction: "iam:*" },
    { NotResource: "*" },
    { Condition: { StringNotEquals: { "aws:SourceAccount": "1" } } },
  ])("rather than taken for harmless: %j", (element) => {
    const strange = { ...allow("*", "*"), ...element } as Statement;
    const call = { action: "s3:GetObject", resource: "any", context: { "aws:SourceAccount": "2" } };
    expect(() => isAllowed([strange], call)).toThrow("cannot evaluate");
  });
});

function allow(Action: string, Resource: string): Statement {
  return { Effect: "Allow", Action, Resource };
}
