import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { callAwsQuery } from "./call-aws.ts";

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

interface Template {
  Resources: Record<string, Resource>;
}

/** Alarms on what other alarms say, and on what is worked out of several metrics. */
const isRefused = ({ Type, Properties = {} }: Resource): boolean =>
  Type === "AWS::CloudWatch::CompositeAlarm" ||
  (Type === "AWS::CloudWatch::Alarm" && "Metrics" in Properties);

/**
 * Takes out of synthesized templates what the emulator refuses to deploy.
 *
 * @param directory of the cloud assembly; its templates are changed in place
 * @returns the logical ids of what is gone
 * @throws Error when something that is left refers to what is gone
 */
export function leaveOutRefused(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.endsWith(".template.json"));
  return files.flatMap((file) => {
    const path = join(directory, file);
    const template = JSON.parse(readFileSync(path, "utf8")) as Template;
    const [gone, left] = [true, false].map((refused) =>
      Object.entries(template.Resources).filter(([, one]) => isRefused(one) === refused),
    ) as [[string, Resource][], [string, Resource][]];
    const text = JSON.stringify({ ...template, Resources: Object.fromEntries(left) });
    const missed = gone.find(([logicalId]) => text.includes(`"${logicalId}"`));
    if (missed) throw new Error(`${file} needs ${missed[0]}, which the emulator refuses`);
    writeFileSync(path, text);
    return gone.map(([logicalId]) => logicalId);
  });
}

const attemptsMax = 5;

/** Whether a stack with nothing but such an alarm cannot be made. */
export async function refusesCompositeAlarms(endpoint: string): Promise<boolean> {
  const call = (input: Record<string, string>): Promise<string> =>
    callAwsQuery(endpoint, "cloudformation", {
      Version: "2010-05-15",
      StackName: "probe",
      ...input,
    });
  const probe = {
    Type: "AWS::CloudWatch::CompositeAlarm",
    Properties: { AlarmName: "composite-probe", AlarmRule: "FALSE" },
  };
  await call({
    Action: "CreateStack",
    TemplateBody: JSON.stringify({ Resources: { Probe: probe } }),
  });
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const described = await call({ Action: "DescribeStacks" });
    if (described.includes("CREATE_COMPLETE")) return false;
    if (!described.includes("CREATE_IN_PROGRESS")) return true;
    await delay(1000);
  }
  return true;
}
