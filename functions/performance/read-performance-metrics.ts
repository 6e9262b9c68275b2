import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { readPerformanceMetricsRoute } from "../../lib/performance/api.ts";
import { overviewCache } from "../../lib/performance/overview-cache.ts";
import { readPerformanceMetrics } from "../../lib/performance/read-performance-metrics.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";

export const build = (
  dependencies: Parameters<typeof readPerformanceMetrics>[1] &
    OperationDependencies<typeof readPerformanceMetricsRoute>,
) => operation(readPerformanceMetricsRoute, readPerformanceMetrics, dependencies);

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
  observe: observer(readPerformanceMetricsRoute, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
  overviews: overviewCache(systemClock),
  now: systemClock,
});
