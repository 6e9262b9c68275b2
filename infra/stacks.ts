import type { App, Environment } from "aws-cdk-lib";
import type { Route, Task } from "../lib/http/route.ts";
import { refuseTooMuchReserved } from "./concurrency.ts";
import { DataStack } from "./data-stack.ts";
import { GatewayStack } from "./gateway-stack.ts";
import { groupByDomain } from "./groups.ts";
import { OperationsStack } from "./operations-stack.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

/**
 * All stacks of every environment.
 *
 * @throws Error when the account could not run them
 */
export function addStacks(
  app: App,
  settings: Settings,
  rows: readonly (Route | Task)[],
  bundleDirectory: string,
): void {
  refuseTooMuchReserved(rows, settings);
  for (const env of settings.environments)
    addEnvironment(app, settings, rows, bundleDirectory, env);
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
