import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createFirstOperator, signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";
import { callAwsQuery } from "./stack/call-aws.ts";
import { functionName } from "./stack/gaps.ts";
import { invokeFunction } from "./stack/invoke-function.ts";
import type { LogEvent } from "./stack/read-log.ts";
import { readLog } from "./stack/read-log.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const stack = useStack();
const deployment = readDeployment();
const { endpoint } = deployment;

interface MetricLine {
  operation: string;
  stage: string;
  errors: number;
  durationMs: number;
}

/** What CloudWatch would have seen since then: the lines in the embedded metric format. */
const readMetricLines = async (startMs: number): Promise<LogEvent[]> =>
  (await readLog(deployment, startMs, "_aws")).filter(({ message }) => message.startsWith("{"));

const parse = ({ message }: LogEvent): MetricLine => JSON.parse(message) as MetricLine;

test("the figures that functions log come back as the operator's performance metrics", async () => {
  const startMs = Date.now();
  await signUp(stack);
  const { accessToken: token } = await createFirstOperator(stack);
  await stack.settled();
  const lines = await readMetricLines(startMs);
  const delivery = {
    messageType: "DATA_MESSAGE",
    owner: "",
    logGroup: deployment.functionLogGroupName,
    logStream: "",
    subscriptionFilters: [],
    logEvents: lines.map(({ eventId: id, timestamp, message }) => ({ id, timestamp, message })),
  };
  const data = gzipSync(JSON.stringify(delivery)).toString("base64");
  await invokeFunction(endpoint, functionName("collectPerformanceMetrics"), { awslogs: { data } });
  const { status, body } = await stack.http.get("/v1/performance/metrics?window=1h", { token });
  expect(status).toBe(200);
  for (const operation of ["createManufacturer", "verifyEmail", "signIn"]) {
    const calls = lines.map(parse).filter((line) => line.operation === operation).length;
    const item = body.items.find((one: { operation: string }) => one.operation === operation);
    expect(calls).toBeGreaterThan(0);
    expect(item).toMatchObject({ kind: "invocation" });
    expect(item.calls).toBeGreaterThanOrEqual(calls);
  }
});

test("a function that fails sets off its alarm", async () => {
  const startMs = Date.now();
  const name = functionName("createFirstOperator");
  await expect(invokeFunction(endpoint, name, {})).rejects.toThrow();
  const lines = (await readMetricLines(startMs)).map(parse);
  const failed = lines.filter(({ operation }) => operation === "createFirstOperator");
  expect(failed).toEqual([expect.objectContaining({ errors: 1 })]);
  for (const { operation, stage, errors } of failed) {
    await callAwsQuery(endpoint, "monitoring", {
      Action: "PutMetricData",
      Version: "2010-08-01",
      Namespace: "ManufacturerSecurity",
      "MetricData.member.1.MetricName": "errors",
      "MetricData.member.1.Value": String(errors),
      "MetricData.member.1.Unit": "Count",
      "MetricData.member.1.Dimensions.member.1.Name": "operation",
      "MetricData.member.1.Dimensions.member.1.Value": operation,
      "MetricData.member.1.Dimensions.member.2.Name": "stage",
      "MetricData.member.1.Dimensions.member.2.Value": stage,
    });
  }
  const goneOff = async (): Promise<(string | undefined)[]> => {
    const answer = await callAwsQuery(endpoint, "monitoring", {
      Action: "DescribeAlarms",
      Version: "2010-08-01",
      StateValue: "ALARM",
      AlarmNamePrefix: "manufacturer-security-dev-oversight-createFirstOperator",
    });
    return [...answer.matchAll(/createFirstOperator(\w+Alarm)/g)].map(([, alarm]) => alarm);
  };
  // The second one by what Lambda itself counts.
  await expect
    .poll(goneOff, { timeout: 50_000 })
    .toEqual(expect.arrayContaining(["ErrorsAlarm", "CrashesAlarm"]));
});
