import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createFirstOperator, signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";
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
}

/** What CloudWatch would have seen since then: the lines in the embedded metric format. */
const readMetricLines = async (startMs: number): Promise<LogEvent[]> =>
  (await readLog(deployment, startMs, "_aws")).filter(({ message }) => message.startsWith("{"));

const parse = ({ message }: LogEvent): MetricLine => JSON.parse(message) as MetricLine;

test("the figures that functions log come back as the operator's performance metrics", async () => {
  const startMs = Date.now();
  for (let round = 0; round < 2; round++) await signUp(stack);
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
