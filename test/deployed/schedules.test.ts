import { describe, expect, test } from "vitest";
import { tasks } from "../../lib/routes.ts";
import { accountId, region } from "../../local/aws-account.ts";
import { functionName } from "./stack/gaps.ts";
import { invokeFunction } from "./stack/invoke-function.ts";
import { readSchedules } from "./stack/schedules.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const { endpoint } = readDeployment();

const scheduled = tasks.flatMap(({ operationId, triggers }) =>
  triggers.flatMap((trigger) =>
    trigger.kind === "schedule" ? [{ operationId, expression: trigger.expression }] : [],
  ),
);

/** What EventBridge Scheduler sends for a schedule that says nothing of its own. */
const scheduledEvent = (time: Date) => ({
  version: "0",
  id: crypto.randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: accountId,
  time: time.toISOString(),
  region,
  resources: [],
  detail: "{}",
});

describe("what runs by the clock", () => {
  test("each schedule is deployed and enabled, and there is no other", async () => {
    const deployed = (await readSchedules(endpoint)).map((schedule) => ({
      state: schedule.State,
      expression: schedule.ScheduleExpression,
      target: schedule.Target.Arn.split(":").at(-1),
      input: schedule.Target.Input,
    }));
    const expected = scheduled.map(({ operationId, expression }) => ({
      state: "ENABLED",
      expression,
      target: functionName(operationId),
      input: undefined,
    }));
    expect(deployed).toHaveLength(expected.length);
    expect(deployed).toEqual(expect.arrayContaining(expected));
  });

  test.each(scheduled)("$operationId succeeds with what its schedule sends", async (row) => {
    await expect(
      invokeFunction(endpoint, functionName(row.operationId), scheduledEvent(new Date())),
    ).resolves.toBeDefined();
  });
});
