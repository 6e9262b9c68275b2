<<<<<<< HEAD
import { newSecret } from "../../../../lib/id.ts";
import type { Samples, Scene } from "./scene.ts";

/** The month before the stack's own, which is over. */
function monthBefore({ stack }: Scene): string {
  const now = new Date(stack.now());
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
}

export const usageSamples: Samples = {
  listUsage: { request: () => ({ path: "/v1/usage" }) },
=======
import { randomUUID } from "node:crypto";
import { signUp } from "../../../support/manufacturer.ts";
import type { StackUnderTest } from "../../../support/stack.ts";
import type { Samples } from "./scene.ts";

/** A manufacturer with a plan, which the platform itself is not. */
const customer = async (stack: StackUnderTest): Promise<string> =>
  (await signUp(stack)).manufacturerId;

const lastMonth = (nowMs: number): string => {
  const date = new Date(nowMs);
  date.setUTCDate(0);
  return date.toISOString().slice(0, 7);
};

export const usageSamples: Samples = {
  listUsage: { request: () => ({ path: "/v1/usage" }) },
  // A resource is a kind of thing that everybody has, not somebody's.
>>>>>>> main
  checkUsageLimit: { namesResource: false, request: () => ({ path: "/v1/usage/api_calls" }) },
  incrementUsage: {
    namesResource: false,
    request: () => ({
      path: "/v1/usage/product_uploads/increments",
<<<<<<< HEAD
      headers: { "idempotency-key": newSecret() },
      body: { amount: 1 },
=======
      body: { amount: 1 },
      headers: { "idempotency-key": randomUUID() },
>>>>>>> main
    }),
  },
  getUsageAnalytics: { request: () => ({ path: "/v1/usage/analytics" }) },
  listUsageEvents: { request: () => ({ path: "/v1/usage/events" }) },
<<<<<<< HEAD
  readUsageReport: {
    request: (scene) => ({ path: `/v1/usage/report?period=${monthBefore(scene)}` }),
  },
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
=======
  readUsageReport: { request: () => ({ path: "/v1/usage/report" }) },
  changeTier: {
    namesResource: false,
    request: async ({ stack }) => ({
      path: `/v1/operator/manufacturers/${await customer(stack)}/tier`,
      body: { tier: "enterprise" },
    }),
  },
  overrideLimit: {
    namesResource: false,
    request: async ({ stack }) => ({
      path: `/v1/operator/manufacturers/${await customer(stack)}/limits`,
      body: { resource: "api_calls", limit: 5, reason: "trial" },
    }),
  },
  closePeriod: {
    request: ({ stack }) => ({
      path: "/v1/operator/usage/close",
      body: { period: lastMonth(stack.now()) },
>>>>>>> main
    }),
  },
};
