import { newSecret } from "../../../../lib/id.ts";
import type { Samples, Scene } from "./scene.ts";

/** The month before the stack's own, which is over. */
function monthBefore({ stack }: Scene): string {
  const now = new Date(stack.now());
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
}

export const usageSamples: Samples = {
  listUsage: { request: () => ({ path: "/v1/usage" }) },
  checkUsageLimit: { namesResource: false, request: () => ({ path: "/v1/usage/api_calls" }) },
  incrementUsage: {
    namesResource: false,
    request: () => ({
      path: "/v1/usage/product_uploads/increments",
      headers: { "idempotency-key": newSecret() },
      body: { amount: 1 },
    }),
  },
  getUsageAnalytics: { request: () => ({ path: "/v1/usage/analytics" }) },
  listUsageEvents: { request: () => ({ path: "/v1/usage/events" }) },
  readUsageReport: { request: () => ({ path: "/v1/usage/report" }) },
  changeTier: {
    namesResource: true,
    request: ({ target }) => ({
      path: `/v1/operator/manufacturers/${target.manufacturerId}/tier`,
      body: { tier: "free" },
    }),
  },
  overrideLimit: {
    namesResource: true,
    request: ({ target }) => ({
      path: `/v1/operator/manufacturers/${target.manufacturerId}/limits`,
      body: { resource: "api_calls", limit: 5000, reason: "sample" },
    }),
  },
  closePeriod: {
    request: (scene) => ({
      path: "/v1/operator/usage/close",
      body: { period: monthBefore(scene) },
    }),
  },
};
