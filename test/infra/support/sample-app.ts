import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { App } from "aws-cdk-lib";
import { afterAll } from "vitest";
import { bundlePathOf } from "../../../infra/build.ts";
import { readSettings } from "../../../infra/settings.ts";
import { addStacks } from "../../../infra/stacks.ts";
import type { Route, Task, Trigger } from "../../../lib/http/route.ts";
import { Assembly } from "./assembly.ts";

const workspace = mkdtempSync(`${tmpdir()}/infra-`);
afterAll(() => rmSync(workspace, { recursive: true }));

const task = (operationId: string, ...triggers: Trigger[]): Task => ({
  operationId,
  domain: "performance",
  summary: `Sample of a task started by ${triggers.map(({ kind }) => kind).join(" and ")}`,
  uses: [],
  latencyBudgetMs: 1000,
  triggers,
});

/** A task for each kind of trigger, whichever of them the product has at the time. */
export const sampleTasks: readonly Task[] = [
  task("closePeriods", { kind: "schedule", expression: "cron(5 0 1 * ? *)" }, { kind: "invoke" }),
  task("followUsage", { kind: "stream", table: "usage" }, { kind: "stream", table: "audit" }),
  task("sendAlerts", { kind: "event", detailTypePrefixes: ["usage.", "threats."] }),
  task("mergeMetrics", { kind: "log-lines" }),
  task("prepareKeys", { kind: "deployment" }),
  task("prepareTables", { kind: "deployment" }, { kind: "schedule", expression: "rate(1 day)" }),
  task("authorizeRequest", { kind: "authorizer" }),
  task("createOperator", { kind: "invoke" }),
];

export const sampleRoute: Route = {
  operationId: "changeMember",
  domain: "accounts",
  summary: "Sample of an operation with a parameter in its path",
  method: "PATCH",
  path: "/v1/members/{memberId}",
  access: "member",
  uses: ["identity:UpdateItem"],
  latencyBudgetMs: 100,
  success: { status: 204 },
  problems: [],
};

const validContext = {
  stage: "dev",
  frontEndUrl: "https://app.manufacturer-security.example",
  emailSender: "no-reply@manufacturer-security.example",
  fips: "false",
  "aws:cdk:disable-asset-staging": true,
  "aws:cdk:enable-path-metadata": true,
  "@aws-cdk/core:defaultCrossStackReferences": "strong",
};

export const newApp = (context: Record<string, unknown> = {}): App =>
  new App({
    context: { ...validContext, ...context },
    outdir: mkdtempSync(`${workspace}/assembly-`),
    // Five seconds per synthesis; the product's own templates do pass it.
    builtinCloudFormationValidation: false,
  });

/** Adds the stacks of the rows to the app; each bundle is a file of one line. */
export function addSampleStacks(app: App, rows: readonly (Route | Task)[]): void {
  const bundleDirectory = mkdtempSync(`${workspace}/bundles-`);
  for (const row of rows) {
    const directory = `${bundleDirectory}/${bundlePathOf(row)}`;
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}/index.js`, `exports.handler = async () => "${row.operationId}";\n`);
  }
  addStacks(app, readSettings(app.node), rows, bundleDirectory);
}

export function synthesizeSample(
  rows: readonly (Route | Task)[],
  context: Record<string, unknown> = {},
): Assembly {
  const app = newApp(context);
  addSampleStacks(app, rows);
  return new Assembly(app.synth().directory);
}
