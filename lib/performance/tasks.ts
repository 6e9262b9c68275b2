import type { Task } from "../http/route.ts";

export const collectPerformanceMetricsTask = {
  operationId: "collectPerformanceMetrics",
  domain: "performance",
  summary: "Merge the metric lines of all functions into rollups by operation, version and hour",
  triggers: [{ kind: "log-lines" }],
  uses: ["metrics:PutItem", "metrics:UpdateItem"],
  latencyBudgetMs: 2000,
  timeoutSeconds: 30,
  // Few at a time: merges of the same operation would otherwise be in each other's way.
  reservedConcurrency: 5,
} as const satisfies Task;

export const checkPerformanceThresholdsTask = {
  operationId: "checkPerformanceThresholds",
  domain: "performance",
  summary: "Hold every operation against its budget and its own past; raise and clear alerts",
  triggers: [{ kind: "schedule", expression: "rate(5 minutes)" }, { kind: "invoke" }],
  uses: ["metrics:Query", "metrics:PutItem", "metrics:DeleteItem", "audit:PutItem"],
  latencyBudgetMs: 20_000,
  timeoutSeconds: 60,
  memoryMb: 1024,
} as const satisfies Task;

export const performanceTasks: readonly Task[] = [
  collectPerformanceMetricsTask,
  checkPerformanceThresholdsTask,
];
