import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { listUsageEventsRoute } from "../../lib/usage/analytics-api.ts";
import { historyStore } from "../../lib/usage/history-store.ts";
import { listUsageEvents } from "../../lib/usage/list-usage-events.ts";

export const build = (
  dependencies: Parameters<typeof listUsageEvents>[1] &
    OperationDependencies<typeof listUsageEventsRoute>,
) => operation(listUsageEventsRoute, listUsageEvents, dependencies);

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
  observe: observer(listUsageEventsRoute, env),
  history: historyStore(documents, env.USAGE_TABLE),
  now: systemClock,
});
