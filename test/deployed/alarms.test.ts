import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { auditKeys } from "../../lib/aws/item-keys.ts";
import { partitionKey, sortKey } from "../../lib/aws/tables.ts";
import { toRfc3339 } from "../../lib/clock.ts";
import { signUp } from "../support/manufacturer.ts";
import { documentsOf } from "../support/platform-keys.ts";
import { useStack } from "../support/stack.ts";
import { bridgeMetrics, listAlarmsOff } from "./stack/bridge-metrics.ts";
import { functionName } from "./stack/gaps.ts";
import { invokeFunction } from "./stack/invoke-function.ts";
import { readLog } from "./stack/read-log.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const stack = useStack();
const deployment = readDeployment();
const { endpoint } = deployment;

const alarmPrefix = "manufacturer-security-dev-oversight-";

/** Lines since then that have the phrase in them. */
const readLines = async (startMs: number, phrase: string): Promise<string[]> =>
  (await readLog(deployment, startMs, phrase)).map(({ message }) => message);

test("a function that fails sets off its alarms: by its own figures, and by what Lambda counts", async () => {
  const startMs = Date.now();
  const name = functionName("createFirstOperator");
  let lines: string[] = [];
  const failures = async (): Promise<unknown[]> => {
    await expect(invokeFunction(endpoint, name, {})).rejects.toThrow();
    lines = (await readLines(startMs, "createFirstOperator")).filter((line) =>
      line.startsWith('{"_aws"'),
    );
    return lines.map((line) => JSON.parse(line));
  };
  await expect
    .poll(failures, { timeout: 50_000 })
    .toContainEqual(expect.objectContaining({ operation: "createFirstOperator", errors: 1 }));
  await bridgeMetrics(endpoint, lines);
  const goneOff = async (): Promise<string> =>
    (await listAlarmsOff(endpoint, `${alarmPrefix}createFirstOperator`)).join();
  await expect.poll(goneOff, { timeout: 50_000 }).toMatch(/ErrorsAlarm/);
  await expect.poll(goneOff, { timeout: 50_000 }).toMatch(/CrashesAlarm/);
});

test("whoever changes an audit record sets off the tamper alarm", async () => {
  const startMs = Date.now();
  const { manufacturerId } = await signUp(stack);
  await stack.settled();
  const documents = documentsOf(stack);
  const TableName = stack.tableNames.audit;
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: `${partitionKey} = :day`,
      ExpressionAttributeValues: {
        ":day": auditKeys.record(manufacturerId, toRfc3339(startMs), "").pk,
      },
    }),
  );
  const [record] = Items;
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { [partitionKey]: record?.[partitionKey], [sortKey]: record?.[sortKey] },
      UpdateExpression: "SET outcome = :forged",
      ExpressionAttributeValues: { ":forged": "failure" },
    }),
  );
  // The trail goes on, and what is behind the change on the stream is published as ever.
  await signUp(stack);
  await stack.settled();
  const lines = await readLines(startMs, "auditTampered");
  expect(lines.map((line) => JSON.parse(line).auditTampered)).toEqual([1]);
  await bridgeMetrics(endpoint, lines);
  const goneOff = async (): Promise<string> => (await listAlarmsOff(endpoint, alarmPrefix)).join();
  await expect.poll(goneOff, { timeout: 50_000 }).toMatch(/TamperAlarm/);
});
