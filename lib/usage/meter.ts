import type { Clock } from "../clock.ts";
import { toProblem } from "../http/to-problem.ts";
import { Problem } from "../problem.ts";
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
 * A key pays once: a request that comes with one that another request was charged for is refused,
 * since it would be served for nothing. Lambda repeats an event under the same request id, so that
 * what a crash interrupted goes on.
 *
 * @throws Problem `quota-exceeded`, `already-charged`, and whatever charging throws, where the
 * metering refuses
 */
export const usageMeter =
  (charge: ChargeUsage, refund: UsageStore["refund"], now: Clock): Meter =>
  async ({ resource, refuses }, request) => {
    const nowMs = now();
    const amount = request.amount ?? 1;
    const { manufacturerId, idempotencyKey, requestId } = request;
    const charged = { manufacturerId, resource, amount, nowMs, period: periodAt(nowMs) };
    const verdict = await charge({ ...request, resource, amount, nowMs }).catch(
      async (error: unknown) => {
        // Whether it was charged is not known: if it was, its key has to be good again.
        if (idempotencyKey !== undefined && toProblem(error).status >= 500) {
          await refund(charged, idempotencyKey, requestId).catch(() => undefined);
        }
        if (!refuses) return undefined;
        // The caller of the route may repeat it: what is unknown is a unit, not what was asked for.
        if (isUnknown(error)) throw new Problem("unavailable", { cause: error });
        throw error;
      },
    );
    if (verdict?.outcome === "refused" && refuses) {
      throw quotaExceeded(verdict.standing, amount, nowMs);
    }
    const isPaid =
      verdict?.outcome === "charged" ||
      (verdict?.outcome === "replayed" && verdict.chargedBy === requestId);
    if (verdict?.outcome === "replayed" && refuses && !isPaid) {
      throw new Problem("already-charged", {
        detail: `Send a new key: this one has paid for a use of ${resource} before.`,
        headers: rateLimitFields([verdict.standing], nowMs),
      });
    }
    return {
      headers: verdict ? rateLimitFields([verdict.standing], nowMs) : {},
      refund: async () => {
        if (isPaid) await refund(charged, idempotencyKey);
      },
    };
  };

const isUnknown = (error: unknown): boolean =>
  error instanceof Problem && error.code === "outcome-unknown";
