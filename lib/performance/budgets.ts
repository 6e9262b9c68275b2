/** What is measured inside an invocation, and the p99 it is allowed, in milliseconds. */
export interface MonitoredOperation {
  operation: string;
  budgetMs: number;
}

/**
 * Latency budgets of the steps inside operations. Those of whole operations stand in their rows
 * (`latencyBudgetMs`). Alarms, thresholds and the operator's pages all read these two places.
 */
export const innerOperations = {
  tokenGeneration: { operation: "tokenGeneration", budgetMs: 100 },
  tokenValidation: { operation: "tokenValidation", budgetMs: 50 },
  permissionCheck: { operation: "permissionCheck", budgetMs: 5 },
  usageCheck: { operation: "usageCheck", budgetMs: 10 },
  threatDetection: { operation: "threatDetection", budgetMs: 10 },
  encryption: { operation: "encryption", budgetMs: 100 },
  decryption: { operation: "decryption", budgetMs: 100 },
  mfaVerification: { operation: "mfaVerification", budgetMs: 2000 },
} as const satisfies Record<string, MonitoredOperation>;

/** The CloudWatch metric of an inner operation, in milliseconds, with the one dimension `stage`. */
export const innerMetricName = (operation: string): string => `${operation}Ms`;
