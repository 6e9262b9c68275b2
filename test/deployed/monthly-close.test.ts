import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { partitionKey, sortKey } from "../../lib/aws/tables.ts";
import { periodAt, shiftPeriod } from "../../lib/usage/period.ts";
import { signUp } from "../support/manufacturer.ts";
import { documentsOf } from "../support/platform-keys.ts";
import { useStack } from "../support/stack.ts";
import { functionName } from "./stack/gaps.ts";
import { fireNow, readSchedules } from "./stack/schedules.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const stack = useStack();
const { endpoint } = readDeployment();

/** Dates what was used this month, and the sign-up, to the month before, without the weeks that it takes. */
async function backdateUsage(thisMonth: string, lastMonth: string): Promise<void> {
  const documents = documentsOf(stack);
  const TableName = stack.tableNames.usage;
  const { Items = [] } = await documents.send(new ScanCommand({ TableName }));
  for (const item of Items) {
    const [pk, sk] = [partitionKey, sortKey].map((key) =>
      String(item[key]).replace(thisMonth, lastMonth),
    );
    const began = sk === "PLAN" ? { terms: [{ fromMs: 1, tier: "free", overrides: {} }] } : {};
    await documents.send(
      new PutCommand({
        TableName,
        Item: { ...item, ...began, [partitionKey]: pk, [sortKey]: sk },
      }),
    );
  }
}

test("the scheduler closes the month that has ended: a snapshot and an event for who used anything", async () => {
  const { accessToken: token, manufacturerId } = await signUp(stack);
  const used = await stack.http.post("/v1/usage/api_calls/increments", {
    token,
    body: { amount: 7 },
  });
  expect(used.status).toBe(200);
  const thisMonth = periodAt(stack.now());
  const { name: period } = shiftPeriod(thisMonth, -1);
  await backdateUsage(thisMonth.name, period);

  const target = functionName("resetMonthlyQuotas");
  const schedule = (await readSchedules(endpoint)).find(({ Target }) =>
    Target.Arn.endsWith(`:${target}`),
  );
  if (!schedule) throw new Error(`no schedule invokes ${target}`);
  await fireNow(endpoint, schedule, new Date(stack.now()));

  const report = async () =>
    (await stack.http.get(`/v1/usage/report?period=${period}`, { token })).body;
  await expect.poll(report, { timeout: 50_000 }).toMatchObject({ period, isClosed: true });
  expect((await report()).resources).toContainEqual(
    expect.objectContaining({ resource: "api_calls", used: 7 }),
  );
  await stack.settled();
  const closed = stack.events().filter((event) => event["detail-type"] === "usage.period.closed");
  expect(closed.map(({ detail }) => detail)).toEqual([
    expect.objectContaining({ manufacturerId, details: expect.objectContaining({ period }) }),
  ]);
});
