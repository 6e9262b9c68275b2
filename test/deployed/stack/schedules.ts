import { callAwsRest } from "./call-aws.ts";

/** A schedule as EventBridge Scheduler describes it, as far as tests look at it. */
export interface Schedule {
  Name: string;
  State: string;
  ScheduleExpression: string;
  Target: { Arn: string; RoleArn: string; Input?: string };
}

/** Every schedule of the account. */
export async function readSchedules(endpoint: string): Promise<Schedule[]> {
  const get = async (path: string): Promise<unknown> =>
    JSON.parse((await callAwsRest(endpoint, "scheduler", { method: "GET", path })).text);
  const { Schedules } = (await get("/schedules")) as { Schedules: { Name: string }[] };
  const read = ({ Name }: { Name: string }) => get(`/schedules/${encodeURIComponent(Name)}`);
  return (await Promise.all(Schedules.map(read))) as Schedule[];
}

/**
 * Has the scheduler itself do at once what a schedule does at its time: by a schedule with the same
 * target, which fires once and is gone. The emulator looks every ten seconds what is due.
 */
export async function fireNow(
  endpoint: string,
  { Name, Target }: Schedule,
  now: Date,
): Promise<void> {
  const { status, text } = await callAwsRest(endpoint, "scheduler", {
    method: "POST",
    path: `/schedules/${encodeURIComponent(`${Name}-now`)}`,
    body: {
      ScheduleExpression: `at(${now.toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target,
    },
  });
  if (status !== 200) throw new Error(`could not make a schedule: ${text}`);
}
