import type { Clock } from "../clock.ts";
import type { ChargeRequest, ChargeUsage } from "./charge.ts";
import type { Metering } from "./metering.ts";
import { periodAt } from "./period.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import type { UsageStore } from "./store.ts";

/** A request that was charged, or let pass. */
export interface Metered {
  /** Rate-limit fields for the answer. */
  headers: Record<string, string>;
  /** Gives the units back after the platform failed to do what they paid for. */
  refund: () => Promise<void>;
}

export type MeterRequest = Omit<ChargeRequest, "resource" | "amount" | "nowMs"> & {
  amount?: number;
};

export type Meter = (metering: Metering, request: MeterRequest) => Promise<Metered>;

/**
 * Charges requests as they come in. Where refusing is out of the question, a used-up quota or a
 * counter that cannot be reached lets the request pass uncharged.
 *
 * @throws Problem `quota-exceeded`, and whatever charging throws, where the metering refuses
 */
export const usageMeter =
  (charge: ChargeUsage, refund: UsageStore["refund"], now: Clock): Meter =>
  async ({ resource, refuses }, request) => {
    const nowMs = now();
    const amount = request.amount ?? 1;
    const verdict = await charge({ ...request, resource, amount, nowMs }).catch((error) => {
      if (refuses) throw error;
      return undefined;
    });
    if (verdict?.outcome === "refused" && refuses) {
      throw quotaExceeded(verdict.standing, amount, nowMs);
    }
    const { manufacturerId, idempotencyKey } = request;
    const charged = { manufacturerId, resource, amount, nowMs, period: periodAt(nowMs) };
    return {
      headers: verdict ? rateLimitFields([verdict.standing], nowMs) : {},
      refund: async () => {
        if (verdict?.outcome === "charged") await refund(charged, idempotencyKey);
      },
    };
  };
