import { describe, expect, it } from "vitest";
import { eventSource } from "../../lib/audit/event-source.ts";
import type { Task, Trigger } from "../../lib/http/route.ts";
import { tasks } from "../../lib/routes.ts";
import type { Assembly, Json, Properties, Resource } from "./support/assembly.ts";
import { nameIn, assembly as product } from "./support/product.ts";
import { sampleTasks, synthesizeSample } from "./support/sample-app.ts";

interface Place {
  assembly: Assembly;
  task: Task;
  stack: string;
}

interface Case<Kind extends Trigger["kind"]> extends Place {
  name: string;
  trigger: Extract<Trigger, { kind: Kind }>;
  /** Name of the resource that the trigger became. */
  id: string;
}

const sample = synthesizeSample(sampleTasks);

/** Every trigger of this kind, of the product and of the samples. */
function casesOf<Kind extends Trigger["kind"]>(kind: Kind): Case<Kind>[] {
  const sources = [
    ...tasks.map((task) => ({ assembly: product, task, name: task.operationId })),
    ...sampleTasks.map((task) => ({
      assembly: sample,
      task,
      name: `sample ${task.operationId}`,
    })),
  ];
  return sources.flatMap((source) =>
    source.task.triggers.flatMap((trigger, index) => {
      const id = nameIn(source.task, `Trigger${index}`);
      return trigger.kind === kind
        ? [{ ...source, trigger, id, stack: id.split(".")[0] ?? "" } as Case<Kind>]
        : [];
    }),
  );
}

const functionArn = (task: Task): string => `${nameIn(task, "Function")}.Arn`;

/** The permissions to invoke the task's function: by whom, and for which source. */
function invokersOf({ assembly, task, stack }: Place): [Json, string][] {
  const mine = ({ stack: home, properties }: Resource): boolean =>
    home === stack && assembly.spell(stack, properties["FunctionName"]) === functionArn(task);
  return assembly
    .ofType("AWS::Lambda::Permission")
    .filter(mine)
    .map(({ properties }) => [
      properties["Principal"] as Json,
      assembly.spell(stack, properties["SourceArn"]),
    ]);
}

function expectFailuresKept({ assembly, task, stack }: Place): void {
  const config = assembly.named(nameIn(task, "FunctionEventInvokeConfig")).properties;
  const { OnFailure } = config["DestinationConfig"] as { OnFailure: { Destination: Json } };
  expect(assembly.spell(stack, OnFailure.Destination)).toBe(`${stack}.DeadLetters.Arn`);
  expect(config).toMatchObject({ MaximumRetryAttempts: 2, Qualifier: "$LATEST" });
}

describe("schedule", () => {
  it.each(casesOf("schedule"))("$name is invoked on time and retried", (one) => {
    const { assembly, task, trigger, id, stack } = one;
    const { properties } = assembly.named(id);
    expect(properties).toMatchObject({
      ScheduleExpression: trigger.expression,
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
    });
    const target = properties["Target"] as Properties;
    expect(assembly.spell(stack, target["Arn"])).toBe(functionArn(task));
    expect(target["RetryPolicy"]).toEqual({
      MaximumRetryAttempts: 10,
      MaximumEventAgeInSeconds: 3600,
    });
    const { Arn } = target["DeadLetterConfig"] as Properties;
    expect(assembly.spell(stack, Arn)).toBe(`${stack}.DeadLetters.Arn`);
    expectFailuresKept(one);
  });

  it.each(casesOf("schedule"))("$name is all that its schedule may invoke", (one) => {
    const { assembly, task, id, stack } = one;
    const [policy] = assembly.named(`${id}Role`).properties["Policies"] as unknown as {
      PolicyDocument: { Statement: { Action: string; Resource: Json }[] };
    }[];
    const lines = policy?.PolicyDocument.Statement.map(
      ({ Action, Resource }) => `${Action} on ${assembly.spell(stack, Resource)}`,
    );
    expect(lines).toEqual([
      `lambda:InvokeFunction on ${functionArn(task)}`,
      `sqs:SendMessage on ${stack}.DeadLetters.Arn`,
    ]);
  });
});

describe("stream", () => {
  it.each(casesOf("stream"))("$name sees every record of the stream and loses none", (one) => {
    const { assembly, task, trigger, id, stack } = one;
    const { properties } = assembly.named(id);
    expect(properties).toMatchObject({
      StartingPosition: "TRIM_HORIZON",
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRetryAttempts: 200,
    });
    expect(properties).not.toHaveProperty("MaximumRecordAgeInSeconds");
    expect(properties).not.toHaveProperty("FilterCriteria");
    expect(assembly.spell(stack, properties["FunctionName"])).toBe(nameIn(task, "Function"));
    expect(assembly.spell(stack, properties["EventSourceArn"])).toBe(
      `data.${trigger.table}table.StreamArn`,
    );
    const { OnFailure } = properties["DestinationConfig"] as { OnFailure: { Destination: Json } };
    expect(assembly.spell(stack, OnFailure.Destination)).toBe(`${stack}.DeadLetters.Arn`);
  });
});

describe("event", () => {
  it.each(casesOf("event"))("$name receives the events of its prefixes from our bus", (one) => {
    const { assembly, task, trigger, id, stack } = one;
    const { properties } = assembly.named(id);
    expect(properties["EventPattern"]).toEqual({
      source: [eventSource],
      "detail-type": trigger.detailTypePrefixes.map((prefix) => ({ prefix })),
    });
    expect(assembly.spell(stack, properties["EventBusName"])).toBe("data.EventBus");
    const targets = properties["Targets"] as { Arn: Json; DeadLetterConfig: { Arn: Json } }[];
    const spelled = targets.map(({ Arn, DeadLetterConfig }) =>
      [Arn, DeadLetterConfig.Arn].map((arn) => assembly.spell(stack, arn)),
    );
    expect(spelled).toEqual([[functionArn(task), `${stack}.DeadLetters.Arn`]]);
    expect(invokersOf(one)).toContainEqual(["events.amazonaws.com", `${id}.Arn`]);
    expectFailuresKept(one);
  });
});

describe("log-lines", () => {
  it.each(casesOf("log-lines"))("$name reads all metric lines but its own", (one) => {
    const { assembly, task, id, stack } = one;
    const { properties } = assembly.named(id);
    expect(properties["FilterPattern"]).toBe(
      '{ ($._aws.CloudWatchMetrics[0].Namespace = "ManufacturerSecurity")' +
        ` && ($.operation != "${task.operationId}") }`,
    );
    expect(assembly.spell(stack, properties["LogGroupName"])).toBe("data.FunctionLogs");
    expect(assembly.spell(stack, properties["DestinationArn"])).toBe(functionArn(task));
    expect(invokersOf(one)).toContainEqual(["logs.amazonaws.com", "data.FunctionLogs.Arn"]);
    expectFailuresKept(one);
  });
});

describe("deployment", () => {
  it.each(casesOf("deployment"))("$name runs at each new version of it", (one) => {
    const { assembly, task, id, stack } = one;
    const { properties } = assembly.named(id);
    const version = assembly.ofType("AWS::Lambda::Version").find(({ properties: of }) => {
      return assembly.spell(stack, of["FunctionName"]) === nameIn(task, "Function");
    });
    expect(properties).toMatchObject({ InvocationType: "RequestResponse" });
    expect(assembly.spell(stack, properties["HandlerArn"])).toBe(version?.name);
  });

  it("is reported by a function that logs where all others do", () => {
    const providers = [product, sample].flatMap((assembly) =>
      assembly
        .ofType("AWS::Lambda::Function")
        .filter(({ id }) => id.startsWith("AWSCDKTrigger"))
        .map(({ stack, properties }) => {
          const { LogGroup } = properties["LoggingConfig"] as Properties;
          return assembly.spell(stack, LogGroup);
        }),
    );
    expect(new Set(providers)).toEqual(new Set(["data.FunctionLogs"]));
  });
});

describe("authorizer", () => {
  it.each(casesOf("authorizer"))(
    "$name may be named as authorizer by this account's APIs",
    (one) => {
      const { assembly, task, stack } = one;
      expect(invokersOf(one)).toEqual([
        [
          "apigateway.amazonaws.com",
          "arn:<Partition>:execute-api:<Region>:<AccountId>:*/authorizers/*",
        ],
      ]);
      const output = assembly.outputsOf(stack)[`${task.operationId}Arn`];
      expect(assembly.spell(stack, output?.Value)).toBe(functionArn(task));
    },
  );
});

describe("invoke", () => {
  it.each(casesOf("invoke"))("$name is opened to no service by it", (one) => {
    const services = invokersOf(one).map(([principal]) => principal);
    const others = one.task.triggers.filter(({ kind }) =>
      ["event", "log-lines", "authorizer"].includes(kind),
    );
    expect(services).toHaveLength(others.length);
  });
});

describe("dead letters", () => {
  it("are encrypted, kept for two weeks, and not accepted over plain HTTP", () => {
    const queues = [product, sample].flatMap((assembly) => assembly.ofType("AWS::SQS::Queue"));
    for (const { properties } of queues) {
      expect(properties).toEqual({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    }
    const policies = [product, sample].flatMap((assembly) =>
      assembly.ofType("AWS::SQS::QueuePolicy"),
    );
    expect(policies).toHaveLength(queues.length);
    for (const { properties } of policies) {
      expect(JSON.stringify(properties)).toContain('"Bool":{"aws:SecureTransport":"false"}');
    }
  });
});
