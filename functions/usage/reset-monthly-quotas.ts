import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { closeStore } from "../../lib/usage/close-store.ts";
import { resetMonthlyQuotas } from "../../lib/usage/reset-monthly-quotas.ts";
import { resetMonthlyQuotasTask } from "../../lib/usage/tasks.ts";

export const build = (
  dependencies: Parameters<typeof resetMonthlyQuotas>[1] & { observe: Observe },
) => task(resetMonthlyQuotas, dependencies);

const env = readEnv(["STAGE", "VERSION", "USAGE_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  close: closeStore(documents, { usage: env.USAGE_TABLE, audit: env.AUDIT_TABLE }),
  observe: observer(resetMonthlyQuotasTask, env),
  now: systemClock,
});
