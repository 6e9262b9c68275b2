import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { optimizePerformanceRoute } from "../../lib/performance/advice-api.ts";
import { alertStore } from "../../lib/performance/alert-store.ts";
import { optimizePerformance } from "../../lib/performance/optimize-performance.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";
import { settingStore } from "../../lib/performance/setting-store.ts";

export const build = (
  dependencies: Parameters<typeof optimizePerformance>[1] &
    OperationDependencies<typeof optimizePerformanceRoute>,
) => operation(optimizePerformanceRoute, optimizePerformance, dependencies);

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
  observe: observer(optimizePerformanceRoute, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
  alerts: alertStore(documents, { metrics: env.METRICS_TABLE }),
  settings: settingStore(documents, { metrics: env.METRICS_TABLE, audit: env.AUDIT_TABLE }),
  now: systemClock,
});
