import { describe, expect, it, vi } from "vitest";
import { counter } from "../../lib/http/counter.ts";
import { observer } from "../../lib/http/observe.ts";
import { domains, fileNameOf, isRoute } from "../../lib/http/route.ts";
import type { Json, Properties } from "./support/assembly.ts";
import { assembly, nameIn, rows } from "./support/product.ts";

interface EmbeddedMetrics {
  _aws: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  [property: string]: unknown;
}

/** The metrics in a line as CloudWatch names them: namespace, name, and dimensions with values. */
function emittedBy(write: () => void): string[] {
  const lines: string[] = [];
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  try {
    write();
  } finally {
    stdout.mockRestore();
  }
  return lines.flatMap((line) => {
    const parsed = JSON.parse(line) as EmbeddedMetrics;
    return parsed._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => {
          const dimensions = names.map((name) => `${name}=${String(parsed[name])}`);
          return [Namespace, Name, ...dimensions.sort()].join(" ");
        }),
      ),
    );
  });
}

const watchedBy = ({ Namespace, MetricName, Dimensions }: Properties): string => {
  const dimensions = (Dimensions as { Name: string; Value: string }[]).map(
    ({ Name, Value }) => `${Name}=${Value}`,
  );
  return [Namespace, MetricName, ...dimensions.sort()].join(" ");
};

const environment = { STAGE: "dev", VERSION: "1.0.0" };

describe("alarms", () => {
  it.each(rows)("$operationId over its latency budget in 3 of 5 minutes raises an alarm", (row) => {
    const { properties } = assembly.named(nameIn(row, "LatencyAlarm"));
    expect(properties).toMatchObject({
      ExtendedStatistic: "p99",
      Threshold: row.latencyBudgetMs,
      ComparisonOperator: "GreaterThanThreshold",
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      EvaluateLowSampleCountPercentile: "ignore",
    });
  });

  it.each(rows)("$operationId reports the very metrics that its alarms watch", (row) => {
    const observe = observer(row, environment);
    const emitted = emittedBy(() => observe({ requestId: "r", status: 200, durationMs: 1 }));

    expect(emitted).toContain(watchedBy(assembly.named(nameIn(row, "LatencyAlarm")).properties));
    expect(emitted).toContain(watchedBy(assembly.named(nameIn(row, "ErrorsAlarm")).properties));
  });

  it.each(rows)("$operationId ending without an answer raises an alarm", (row) => {
    const { properties } = assembly.named(nameIn(row, "CrashesAlarm"));
    expect(watchedBy(properties)).toBe(
      `AWS/Lambda Errors FunctionName=manufacturer-security-dev-${fileNameOf(row.operationId)}`,
    );
    expect(properties).toMatchObject({ Statistic: "Sum", Threshold: 0, EvaluationPeriods: 1 });
  });

  it.each(rows)("$operationId refused by Lambda more than now and then raises an alarm", (row) => {
    const { properties } = assembly.named(nameIn(row, "ThrottlesAlarm"));
    expect(watchedBy(properties)).toBe(
      `AWS/Lambda Throttles FunctionName=manufacturer-security-dev-${fileNameOf(row.operationId)}`,
    );
    expect(properties).toMatchObject({ Statistic: "Sum", Threshold: 4, EvaluationPeriods: 1 });
  });

  it.each([
    {
      answer: "429",
      alarm: "GatewayThrottlesAlarm",
      pattern: '{ ($.status = "429") && ($.integrationDurationMs = "-") }',
      threshold: 100,
    },
    {
      answer: "5xx",
      alarm: "GatewayErrorsAlarm",
      pattern: '{ ($.status = "5*") && ($.integrationError != "-") }',
      threshold: 4,
    },
  ])(
    "a $answer of the gateway's own raises an alarm, by the fields of its access log",
    ({ alarm, pattern, threshold }) => {
      const { properties } = assembly.named(`gateway.${alarm}`);
      expect(properties).toMatchObject({ Statistic: "Sum", Threshold: threshold, Period: 300 });

      const filter = assembly.named(`gateway.${alarm}Filter`);
      expect(filter.properties["FilterPattern"]).toBe(pattern);
      expect(assembly.spell("gateway", filter.properties["LogGroupName"] as Json)).toBe(
        "data.AccessLogs",
      );
      const [made] = filter.properties["MetricTransformations"] as Properties[];
      expect(made).toMatchObject({
        MetricValue: "1",
        Dimensions: [{ Key: "stage", Value: "$.stage" }],
      });
      expect(watchedBy(properties)).toBe(
        `${made?.["MetricNamespace"]} ${made?.["MetricName"]} stage=dev`,
      );

      const { AccessLogSettings } = assembly.named("gateway.Stage").properties as {
        AccessLogSettings: { Format: string };
      };
      const logged = JSON.parse(AccessLogSettings.Format) as Record<string, string>;
      expect(logged["stage"]).toBe("dev");
      const read = [...pattern.matchAll(/\$\.(\w+)/g)].map(([, field]) => field);
      expect(Object.keys(logged)).toEqual(expect.arrayContaining(read));
    },
  );

  it.each(rows)(
    "$operationId failing raises an alarm: a task at once, a route when it lasts",
    (row) => {
      expect(assembly.named(nameIn(row, "ErrorsAlarm")).properties).toMatchObject({
        Threshold: isRoute(row) ? 4 : 0,
        ComparisonOperator: "GreaterThanThreshold",
        EvaluationPeriods: 1,
      });
    },
  );

  it("an audit record changed or removed raises an alarm, by the metric its watcher writes", () => {
    const watchers = rows.filter(
      (row) =>
        !isRoute(row) &&
        row.triggers.some((trigger) => trigger.kind === "stream" && trigger.table === "audit"),
    );
    expect(watchers).not.toHaveLength(0);
    for (const row of watchers) {
      const { properties } = assembly.named(nameIn(row, "TamperAlarm"));
      expect(properties).toMatchObject({ Statistic: "Sum", Threshold: 0, EvaluationPeriods: 1 });
      expect(emittedBy(() => counter("auditTampered", "dev")(1))).toEqual([watchedBy(properties)]);
    }
  });

  it("attacks of one member that come in numbers raise an alarm, whoever it is", () => {
    const row = rows.find(({ operationId }) => operationId === "detectThreat");
    if (!row) throw new Error("no row");
    const { properties } = assembly.named(nameIn(row, "MemberAttacksAlarm"));
    const [query] = properties["Metrics"] as { Expression: string }[];
    const lines = emittedBy(() => counter("attacksDetected", "dev")(1, { memberId: "mem_1" }));
    const [namespace, metric] = lines[1]?.split(" ") ?? [];

    expect(lines[1]).toBe(`${namespace} ${metric} memberId=mem_1 stage=dev`);
    expect(query?.Expression).toContain(
      `SUM(${metric}) FROM SCHEMA("${namespace}", memberId, stage)`,
    );
    expect(properties).toMatchObject({ Threshold: 10, ComparisonOperator: "GreaterThanThreshold" });
  });

  it("attacks that come in numbers raise an alarm, by the metric that the screens of the write routes write", () => {
    const detectors = rows.filter(({ domain }) => domain === "threats");
    expect(detectors).toHaveLength(1);
    for (const row of detectors) {
      const { properties } = assembly.named(nameIn(row, "AttacksAlarm"));
      expect(properties).toMatchObject({ Statistic: "Sum", Threshold: 50, EvaluationPeriods: 1 });
      expect(emittedBy(() => counter("attacksDetected", "dev")(1))).toEqual([
        watchedBy(properties),
      ]);
    }
  });

  it("an event given up raises an alarm in every stack that may give one up", () => {
    const queues = assembly.ofType("AWS::SQS::Queue");
    expect(queues).not.toHaveLength(0);
    for (const { stack } of queues) {
      const { properties } = assembly.named(`${stack}.DeadLettersAlarm`);
      expect(properties).toMatchObject({
        MetricName: "ApproximateNumberOfMessagesVisible",
        Statistic: "Maximum",
        Threshold: 0,
      });
      const [dimension] = properties["Dimensions"] as { Value: Json }[];
      expect(assembly.spell(stack, dimension?.Value)).toBe(`${stack}.DeadLetters.QueueName`);
    }
  });

  it.each([
    { burn: "FastBurn", threshold: 14.4, longSeconds: 3600, shortSeconds: 300 },
    { burn: "SlowBurn", threshold: 6, longSeconds: 21_600, shortSeconds: 1800 },
  ])(
    "$burn: errors that use up 0.1 % of a month's requests $threshold times too fast raise an alarm",
    ({ burn, threshold, longSeconds, shortSeconds }) => {
      for (const [window, seconds, requestsMin] of [
        [`${burn}LongWindow`, longSeconds, 100],
        [`${burn}ShortWindow`, shortSeconds, 1],
      ] as const) {
        const { properties } = assembly.named(`gateway.${window}`);
        expect(properties["Threshold"]).toBeCloseTo(threshold / 1000, 10);
        expect(properties["ComparisonOperator"]).toBe("GreaterThanThreshold");
        const metrics = properties["Metrics"] as Properties[];
        expect(metrics.map(({ Expression }) => Expression).filter(Boolean)).toEqual([
          `IF(requests >= ${requestsMin}, failures / requests, 0)`,
        ]);
        const stats = metrics.flatMap(({ Id, MetricStat }) =>
          MetricStat ? [{ Id, MetricStat }] : [],
        );
        expect(stats).toEqual(
          ["failures", "requests"].map((Id) => ({
            Id,
            MetricStat: {
              Metric: expect.objectContaining({
                Namespace: "AWS/ApiGateway",
                MetricName: Id === "failures" ? "5xx" : "Count",
              }) as unknown,
              Period: seconds,
              Stat: "Sum",
            },
          })),
        );
      }
      const { stack, properties } = assembly.named(`gateway.${burn}Alarm`);
      expect(assembly.spell(stack, properties["AlarmRule"])).toBe(
        `(ALARM("gateway.${burn}LongWindow.Arn") AND ALARM("gateway.${burn}ShortWindow.Arn"))`,
      );
    },
  );

  it("every alarm tells the topic when it rings and when it stops, and is silent without data", () => {
    const all = assembly.ofType("AWS::CloudWatch::Alarm");
    // A window is half of an alarm.
    const alarms = all.filter(({ id }) => !id.endsWith("Window"));
    expect(alarms.length).toBeGreaterThanOrEqual(4 * rows.length);
    for (const { properties } of all) {
      expect(properties["TreatMissingData"]).toBe("notBreaching");
    }
    const composite = assembly.ofType("AWS::CloudWatch::CompositeAlarm");
    expect(composite).toHaveLength(2);
    for (const { stack, properties } of [...alarms, ...composite]) {
      for (const action of ["AlarmActions", "OKActions"]) {
        const targets = (properties[action] as Json[]).map((arn) => assembly.spell(stack, arn));
        expect(targets).toEqual(["data.AlarmTopic"]);
      }
    }
    for (const { properties } of all.filter(({ id }) => id.endsWith("Window"))) {
      expect(properties["AlarmActions"]).toBeUndefined();
    }
  });
});

describe("dashboard", () => {
  it("has a row of latency, invocations and errors for every domain that has operations", () => {
    const body = assembly.spell(
      "gateway",
      assembly.named("gateway.Dashboard").properties["DashboardBody"],
    );
    const { widgets } = JSON.parse(body) as {
      widgets: { y: number; properties: { title: string; metrics: Json[][] } }[];
    };
    const present = domains.filter((domain) => rows.some((row) => row.domain === domain));
    expect(widgets.map(({ properties }) => properties.title)).toEqual(
      present.flatMap((domain) => [
        `${domain}: p99, ms`,
        `${domain}: invocations`,
        `${domain}: errors`,
      ]),
    );
    expect(new Set(widgets.map(({ y }) => y)).size).toBe(present.length);
    const shown = widgets.flatMap(({ properties }) =>
      properties.metrics.map((metric) => metric[3]),
    );
    expect(new Set(shown)).toEqual(new Set(rows.map(({ operationId }) => operationId)));
  });
});
