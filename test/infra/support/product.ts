import { inject } from "vitest";
import { groupByDomain } from "../../../infra/groups.ts";
import type { Route, Task } from "../../../lib/http/route.ts";
import { routes, tasks } from "../../../lib/routes.ts";
import { Assembly } from "./assembly.ts";

/** The product as `cdk.json` deploys it. */
export const assembly = new Assembly(inject("assemblyDirectory"));

export const rows: readonly (Route | Task)[] = [...routes, ...tasks];

/** Name of a row's resource, as `Assembly` spells it. */
export const nameIn = ({ domain, operationId }: Route | Task, id: string): string =>
  `${groupByDomain[domain]}.${operationId}${id}`;
