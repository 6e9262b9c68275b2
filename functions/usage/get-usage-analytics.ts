import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { getUsageAnalyticsRoute } from "../../lib/usage/analytics-api.ts";
import { getUsageAnalytics } from "../../lib/usage/get-usage-analytics.ts";
import { historyStore } from "../../lib/usage/history-store.ts";
import { usageStore } from "../../lib/usage/store.ts";

export const build = (
  dependencies: Parameters<typeof getUsageAnalytics>[1] &
    OperationDependencies<typeof getUsageAnalyticsRoute>,
) => operation(getUsageAnalyticsRoute, getUsageAnalytics, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(getUsageAnalyticsRoute, env),
  history: historyStore(documents, env.USAGE_TABLE),
  usage: usageStore(documents, env.USAGE_TABLE),
  now: systemClock,
});
