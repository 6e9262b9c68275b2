import { documents } from "../../lib/aws/documents.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { collectPerformanceMetrics } from "../../lib/performance/collect-performance-metrics.ts";
import type { RollupStore } from "../../lib/performance/rollup-store.ts";
import { rollupStore } from "../../lib/performance/rollup-store.ts";
import { collectPerformanceMetricsTask } from "../../lib/performance/tasks.ts";

export const build = (dependencies: { rollups: RollupStore; observe: Observe }) =>
  task(collectPerformanceMetrics, dependencies);

const env = readEnv(["STAGE", "VERSION", "METRICS_TABLE"]);

export const handler = build({
  observe: observer(collectPerformanceMetricsTask, env),
  rollups: rollupStore(documents, env.METRICS_TABLE),
});
