import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { readPerformanceHistoryRoute } from "../../lib/performance/api.ts";
import { readPerformanceHistory } from "../../lib/performance/read-performance-history.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";

export const build = (
  dependencies: Parameters<typeof readPerformanceHistory>[1] &
    OperationDependencies<typeof readPerformanceHistoryRoute>,
) => operation(readPerformanceHistoryRoute, readPerformanceHistory, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "METRICS_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(readPerformanceHistoryRoute, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
  now: systemClock,
});
