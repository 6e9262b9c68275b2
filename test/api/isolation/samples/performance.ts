import type { Samples } from "./scene.ts";

export const performanceSamples: Samples = {
<<<<<<< HEAD
  readPerformanceMetrics: { request: () => ({ path: "/v1/performance/metrics" }) },
=======
  readPerformanceMetrics: { request: () => ({ path: "/v1/performance/metrics?window=1h" }) },
>>>>>>> main
  readPerformanceThresholds: { request: () => ({ path: "/v1/performance/thresholds" }) },
  readPerformanceHistory: {
    request: () => ({ path: "/v1/performance/history?operation=signIn" }),
  },
  readPerformanceRecommendations: { request: () => ({ path: "/v1/performance/recommendations" }) },
  optimizePerformance: { request: () => ({ path: "/v1/performance/optimize", body: {} }) },
};
