import type { StackProps } from "aws-cdk-lib";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { Route, Task } from "../lib/http/route.ts";
import { isRoute } from "../lib/http/route.ts";
import { addDeadLettersAlarm, addOperationAlarms } from "./alarms.ts";
import { addRoute } from "./api.ts";
import type { DataStack } from "./data-stack.ts";
import { addFunction } from "./functions.ts";
import type { GatewayStack } from "./gateway-stack.ts";
import type { Settings } from "./settings.ts";
import { addDeadLetters, addTriggers, needsDeadLetters } from "./triggers.ts";

export interface OperationsStackProps extends StackProps {
  settings: Settings;
  data: DataStack;
  gateway: GatewayStack;
  rows: readonly (Route | Task)[];
  bundleDirectory: string;
}

/** The functions of a group of domains, each with what starts it and the alarms that watch it. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { settings, data, gateway, rows, bundleDirectory } = props;
    const resources = { settings, data, issuer: gateway.url, bundleDirectory };
    const needsQueue = (row: Route | Task): boolean => !isRoute(row) && needsDeadLetters(row);
    const queue = rows.some(needsQueue) ? addDeadLetters(this) : undefined;
    if (queue) addDeadLettersAlarm(this, queue, data.alarmTopic);
    for (const row of rows) {
      const operation = new Construct(this, row.operationId);
      const deadLetters = needsQueue(row) ? queue : undefined;
      const handler = addFunction(operation, row, resources, deadLetters);
      if (isRoute(row)) addRoute(operation, gateway.api, row, handler);
      else addTriggers(operation, row, handler, data, deadLetters);
      addOperationAlarms(operation, row, settings, data.alarmTopic);
    }
  }
}
