import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { alertStore } from "../../lib/performance/alert-store.ts";
import { readPerformanceThresholdsRoute } from "../../lib/performance/api.ts";
import { readPerformanceThresholds } from "../../lib/performance/read-performance-thresholds.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";

export const build = (
  dependencies: Parameters<typeof readPerformanceThresholds>[1] &
    OperationDependencies<typeof readPerformanceThresholdsRoute>,
) => operation(readPerformanceThresholdsRoute, readPerformanceThresholds, dependencies);

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
  observe: observer(readPerformanceThresholdsRoute, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
  alerts: alertStore(documents, { metrics: env.METRICS_TABLE }),
});
