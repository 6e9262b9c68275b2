import { describe, expect, test } from "vitest";
import { tasks } from "../../lib/routes.ts";
import { callAwsRest } from "./stack/call-aws.ts";
import { functionName } from "./stack/gaps.ts";
import { invokeFunction } from "./stack/invoke-function.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const { endpoint } = readDeployment();

interface Schedule {
  Name: string;
  State: string;
  ScheduleExpression: string;
  Target: { Arn: string; Input?: string };
}

const get = async (path: string): Promise<unknown> =>
  JSON.parse((await callAwsRest(endpoint, "scheduler", { method: "GET", path })).text);

async function readSchedules(): Promise<Schedule[]> {
  const { Schedules } = (await get("/schedules")) as { Schedules: { Name: string }[] };
  const read = ({ Name }: { Name: string }) => get(`/schedules/${encodeURIComponent(Name)}`);
  return (await Promise.all(Schedules.map(read))) as Schedule[];
}

const scheduled = tasks.flatMap(({ operationId, triggers }) =>
  triggers.flatMap((trigger) =>
    trigger.kind === "schedule" ? [{ operationId, expression: trigger.expression }] : [],
  ),
);

describe("what runs by the clock", () => {
  test("each schedule is deployed and enabled, and there is no other", async () => {
    const deployed = (await readSchedules()).map(({ State, ScheduleExpression, Target }) => ({
      state: State,
      expression: ScheduleExpression,
      target: Target.Arn.split(":").at(-1),
    }));
    const expected = scheduled.map(({ operationId, expression }) => ({
      state: "ENABLED",
      expression,
      target: functionName(operationId),
    }));
    expect(deployed).toHaveLength(expected.length);
    expect(deployed).toEqual(expect.arrayContaining(expected));
  });

  test.each(scheduled)("$operationId succeeds with what its schedule sends", async (row) => {
    const schedule = (await readSchedules()).find(({ Target }) =>
      Target.Arn.endsWith(`:${functionName(row.operationId)}`),
    );
    const event: unknown = JSON.parse(schedule?.Target.Input ?? "{}");
    await expect(
      invokeFunction(endpoint, functionName(row.operationId), event),
    ).resolves.toBeDefined();
  });
});
