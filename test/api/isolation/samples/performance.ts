import type { Samples } from "./scene.ts";

export const performanceSamples: Samples = {
  readPerformanceMetrics: { request: () => ({ path: "/v1/performance/metrics" }) },
  readPerformanceThresholds: { request: () => ({ path: "/v1/performance/thresholds" }) },
  readPerformanceHistory: {
    request: () => ({ path: "/v1/performance/history?operation=signIn" }),
  },
  readPerformanceRecommendations: { request: () => ({ path: "/v1/performance/recommendations" }) },
  optimizePerformance: { request: () => ({ path: "/v1/performance/optimize", body: {} }) },
};
