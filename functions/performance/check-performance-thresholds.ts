import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { alertStore } from "../../lib/performance/alert-store.ts";
import type { CheckDependencies } from "../../lib/performance/check-performance-thresholds.ts";
import { checkPerformanceThresholds } from "../../lib/performance/check-performance-thresholds.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";
import { checkPerformanceThresholdsTask } from "../../lib/performance/tasks.ts";

export const build = (dependencies: CheckDependencies & { observe: Observe }) =>
  task(checkPerformanceThresholds, dependencies);

const env = readEnv(["STAGE", "VERSION", "METRICS_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  observe: observer(checkPerformanceThresholdsTask, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
  alerts: alertStore(documents, { metrics: env.METRICS_TABLE, audit: env.AUDIT_TABLE }),
  now: systemClock,
});
