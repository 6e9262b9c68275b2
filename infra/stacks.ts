import type { App, Environment } from "aws-cdk-lib";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Route, Task } from "../lib/http/route.ts";
import { DataStack } from "./data-stack.ts";
import { acknowledgeExceptions } from "./exceptions.ts";
import { GatewayStack } from "./gateway-stack.ts";
import { groupByDomain } from "./groups.ts";
import { OperationsStack } from "./operations-stack.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

/** All stacks of every environment, checked against the rules of AWS Solutions when synthesized. */
export function addStacks(
  app: App,
  settings: Settings,
  rows: readonly (Route | Task)[],
  bundleDirectory: string,
): void {
  for (const env of settings.environments)
    addEnvironment(app, settings, rows, bundleDirectory, env);
  acknowledgeExceptions(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

function addEnvironment(
  app: App,
  settings: Settings,
  rows: readonly (Route | Task)[],
  bundleDirectory: string,
  env: Environment,
): void {
  const propsOf = (name: string) => ({ stackName: nameOf(settings, name), env });
  const idOf = (name: string): string => [...(env.region ? [env.region] : []), name].join("-");
  const data = new DataStack(app, idOf("data"), settings, propsOf("data"));
  const gateway = new GatewayStack(app, idOf("gateway"), {
    ...propsOf("gateway"),
    settings,
    data,
    rows,
  });
  for (const [group, grouped] of Map.groupBy(rows, ({ domain }) => groupByDomain[domain])) {
    new OperationsStack(app, idOf(group), {
      ...propsOf(group),
      settings,
      data,
      gateway,
      rows: grouped,
      bundleDirectory,
    });
  }
}
