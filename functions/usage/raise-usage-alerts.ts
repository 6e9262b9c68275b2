import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { alertRaiser } from "../../lib/usage/alert-store.ts";
import { raiseUsageAlerts } from "../../lib/usage/raise-usage-alerts.ts";
import { raiseUsageAlertsTask } from "../../lib/usage/tasks.ts";

export const build = (
  dependencies: Parameters<typeof raiseUsageAlerts>[1] & { observe: Observe },
) => task(raiseUsageAlerts, dependencies);

const env = readEnv(["STAGE", "VERSION", "USAGE_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  raise: alertRaiser(documents, { usage: env.USAGE_TABLE, audit: env.AUDIT_TABLE }),
  observe: observer(raiseUsageAlertsTask, env),
  now: systemClock,
});
