import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { toProblem } from "../http/to-problem.ts";
import { Problem } from "../problem.ts";
import type { ChargeRequest, ChargeUsage } from "./charge.ts";
import type { Metering } from "./metering.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import type { Refund, Refunds } from "./refund.ts";

/** A request that was charged, or let pass. */
export interface Metered {
  /** Rate-limit fields for the answer. */
  headers: Record<string, string>;
  /** Gives the units back after the platform failed to do what they paid for. Never fails. */
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
 * metering refuses; `unavailable` where it is not known whether a charge without a key was made
 */
export const usageMeter =
  (charge: ChargeUsage, refunds: Refunds, now: Clock): Meter =>
  async ({ resource, refuses }, request) => {
    const nowMs = now();
    const { amount = 1, manufacturerId, idempotencyKey, requestId } = request;
    const charged = { manufacturerId, resource, amount, requestId, idempotencyKey };
    const refundOf = (chargedAtMs: number): Refund => ({
      ...charged,
      id: randomUUID(),
      chargedAtMs,
      refundedAtMs: now(),
    });
    const verdict = await charge({ ...request, resource, amount, nowMs }).catch(
      async (error: unknown) => {
        // Whether it was charged is not known: if it was, its key has to be good again.
        if (idempotencyKey !== undefined && toProblem(error).status >= 500) {
          await refunds.giveBack(refundOf(nowMs));
        }
        if (!refuses) return undefined;
        // The caller of the route may repeat it: what is unknown is a unit, not what was asked for.
        if (isUnknown(error)) throw new Problem("unavailable", { cause: error });
        throw error;
      },
    );
    if (!verdict) return { headers: {}, refund: async () => undefined };
    await refunds.writeDown();
    const { outcome, standing, first } = verdict;
    if (outcome === "refused" && refuses) throw quotaExceeded(standing, amount, nowMs);
    const isOwn = outcome === "replayed" && first?.requestId === requestId;
    if (outcome === "replayed" && refuses && !isOwn) {
      throw new Problem("already-charged", {
        detail: `Send a new key: this one has paid for a use of ${resource} before.`,
        headers: rateLimitFields([standing], nowMs),
      });
    }
    const refund = refundOf(isOwn ? first.chargedAtMs : nowMs);
    if (isOwn) await refunds.forgive(refund);
    return {
      headers: rateLimitFields([standing], nowMs),
      refund: async () => {
        if (outcome === "charged" || isOwn)
          await refunds.giveBack({ ...refund, refundedAtMs: now() });
      },
    };
  };

const isUnknown = (error: unknown): boolean =>
  error instanceof Problem && error.code === "outcome-unknown";
