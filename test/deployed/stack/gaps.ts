import { setTimeout as delay } from "node:timers/promises";
import { timeToLiveAttribute } from "../../../lib/aws/tables.ts";
import type { Route, Task } from "../../../lib/http/route.ts";
import { fileNameOf } from "../../../lib/http/route.ts";
import { routes, tasks } from "../../../lib/routes.ts";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import { callAwsQuery, callAwsRest } from "./call-aws.ts";
import type { Deployment } from "./deploy.ts";
import { webOrigin } from "./deploy.ts";
import { refusesCompositeAlarms } from "./leave-out.ts";

/** Something that the emulator is known to do differently from AWS. */
export interface Gap {
  what: string;
  /** Whether the emulator still has it. */
  isOpen: (deployment: Deployment) => Promise<boolean>;
  /** Brings about by another call what the template asked for. Without it, only the infra tests see it. */
  mend?: (deployment: Deployment) => Promise<unknown>;
}

const limited: readonly (Route | Task)[] = [...routes, ...tasks].filter(
  ({ reservedConcurrency }) => reservedConcurrency !== undefined,
);

const concurrencyPath = ({ operationId }: Route | Task, version: string): string =>
  `/${version}/functions/${functionName(operationId)}/concurrency`;

/** As the app names them in its development stage. */
export const functionName = (operationId: string): string =>
  `manufacturer-security-dev-${fileNameOf(operationId)}`;

export const gaps: readonly Gap[] = [
  {
    what: "CORS of the template: preflights are refused",
    isOpen: async ({ url }) => !(await preflight(url)).ok,
    mend: ({ endpoint, apiId }) =>
      callAwsRest(endpoint, "apigateway", {
        method: "PATCH",
        path: `/v2/apis/${apiId}`,
        body: {
          corsConfiguration: {
            allowOrigins: [webOrigin],
            allowMethods: ["*"],
            allowHeaders: ["authorization", "content-type", "idempotency-key"],
            exposeHeaders: ["retry-after", "www-authenticate"],
            maxAge: 3600,
          },
        },
      }),
  },
  {
    what: "Time to live of the template: tables keep expired items",
    isOpen: async ({ endpoint, tableNames }) => {
      const described = await callAwsJson<{
        TimeToLiveDescription: { TimeToLiveStatus: string };
      }>({
        endpoint,
        target: "DynamoDB_20120810.DescribeTimeToLive",
        input: { TableName: tableNames.identity },
      });
      return described.TimeToLiveDescription.TimeToLiveStatus !== "ENABLED";
    },
    mend: ({ endpoint, tableNames }) =>
      Promise.all(
        Object.values(tableNames).map((TableName) =>
          callAwsJson({
            endpoint,
            target: "DynamoDB_20120810.UpdateTimeToLive",
            input: {
              TableName,
              TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLiveAttribute },
            },
          }),
        ),
      ),
  },
  {
    what: "Reserved concurrency of the template: functions run without a limit",
    isOpen: async ({ endpoint }) => {
      const answers = await Promise.all(
        limited.map((row) =>
          callAwsRest(endpoint, "lambda", {
            method: "GET",
            path: concurrencyPath(row, "2019-09-30"),
          }),
        ),
      );
      return answers.some(({ text }) => !text.includes("ReservedConcurrentExecutions"));
    },
    mend: ({ endpoint }) =>
      Promise.all(
        limited.map((row) =>
          callAwsRest(endpoint, "lambda", {
            method: "PUT",
            path: concurrencyPath(row, "2017-10-31"),
            body: { ReservedConcurrentExecutions: row.reservedConcurrency },
          }),
        ),
      ),
  },
  {
    what: "Point-in-time recovery of the template: off",
    isOpen: async ({ endpoint, tableNames }) => {
      const described = await callAwsJson({
        endpoint,
        target: "DynamoDB_20120810.DescribeContinuousBackups",
        input: { TableName: tableNames.identity },
      });
      return !/"PointInTimeRecoveryStatus":"ENABLED"/.test(JSON.stringify(described));
    },
  },
  {
    what: "Embedded metric format: log lines become no metrics, so no alarm sees them",
    isOpen: async ({ endpoint }) =>
      !(
        await callAwsQuery(endpoint, "monitoring", {
          Action: "ListMetrics",
          Version: "2010-08-01",
          Namespace: "ManufacturerSecurity",
        })
      ).includes("durationMs"),
  },
  {
    what: "Subscription filter: patterns on JSON fields match nothing, so no figures are collected",
    isOpen: async ({ endpoint, url, tableNames }) => {
      await fetch(`${url}/.well-known/jwks.json`);
      for (let second = 0; second < 3; second++) {
        if ((await countItems(endpoint, tableNames.metrics)) > 0) return false;
        await delay(1000);
      }
      return true;
    },
  },
  {
    what: "Alarms: dimensions are ignored, so the alarms of all functions on a metric go off together",
    isOpen: async ({ endpoint }) => {
      const call = (input: Record<string, string>) =>
        callAwsQuery(endpoint, "monitoring", { Version: "2010-08-01", ...input });
      await call({
        Action: "PutMetricAlarm",
        AlarmName: "probe",
        Namespace: "Probe",
        MetricName: "probe",
        "Dimensions.member.1.Name": "of",
        "Dimensions.member.1.Value": "one",
        Statistic: "Sum",
        Period: "60",
        EvaluationPeriods: "1",
        Threshold: "0",
        ComparisonOperator: "GreaterThanThreshold",
      });
      await call({
        Action: "PutMetricData",
        Namespace: "Probe",
        "MetricData.member.1.MetricName": "probe",
        "MetricData.member.1.Value": "1",
        "MetricData.member.1.Dimensions.member.1.Name": "of",
        "MetricData.member.1.Dimensions.member.1.Value": "another",
      });
      const alarms = await call({ Action: "DescribeAlarms", AlarmNamePrefix: "probe" });
      return alarms.includes("<StateValue>ALARM</StateValue>");
    },
  },
  {
    what: "Composite alarms: a template with one is refused, so the burn-rate alarms are left out",
    isOpen: ({ endpoint }) => refusesCompositeAlarms(endpoint),
  },
  {
    what: "Access log of the API: nothing is written",
    isOpen: async ({ endpoint, url, accessLogGroupName }) => {
      await fetch(`${url}/.well-known/jwks.json`);
      const { events } = await callAwsJson<{ events: unknown[] }>({
        endpoint,
        target: "Logs_20140328.FilterLogEvents",
        input: { logGroupName: accessLogGroupName },
      });
      return events.length === 0;
    },
  },
  {
    what: "IAM: a call that nobody signed is served, so policies bind nobody",
    isOpen: async ({ endpoint, tableNames }) =>
      callAwsJson({
        endpoint,
        target: "DynamoDB_20120810.Scan",
        input: { TableName: tableNames.keys, Limit: 1 },
      }).then(
        () => true,
        () => false,
      ),
  },
  {
    what: "A path without a route is answered otherwise than by AWS",
    isOpen: async ({ url }) =>
      (await (await fetch(`${url}/nowhere`)).text()) !== '{"message":"Not Found"}',
  },
];

/** The emulator counts items as they are written; AWS does so every six hours. */
export async function countItems(endpoint: string, tableName: string): Promise<number> {
  const { Table } = await callAwsJson<{ Table: { ItemCount: number } }>({
    endpoint,
    target: "DynamoDB_20120810.DescribeTable",
    input: { TableName: tableName },
  });
  return Table.ItemCount;
}

/** What a browser asks before it sends a request from another origin. */
export const preflight = (url: string): Promise<Response> =>
  fetch(`${url}/v1/auth/sign-in`, {
    method: "OPTIONS",
    headers: {
      origin: webOrigin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });

/** Finds out which gaps are open, and mends what can be. */
export async function mendGaps(
  deployment: Deployment,
): Promise<{ what: string; state: "closed" | "mended" | "open" }[]> {
  const report: Awaited<ReturnType<typeof mendGaps>> = [];
  for (const { what, isOpen, mend } of gaps) {
    if (!(await isOpen(deployment))) report.push({ what, state: "closed" });
    else if (!mend) report.push({ what, state: "open" });
    else {
      await mend(deployment);
      if (await isOpen(deployment)) throw new Error(`could not mend: ${what}`);
      report.push({ what, state: "mended" });
    }
  }
  return report;
}
