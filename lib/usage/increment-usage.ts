import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import type { incrementUsageRoute } from "./api.ts";
import type { ChargeUsage } from "./charge.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";

/**
 * Charges the caller's manufacturer before a billable action: never beyond the limit, and never
 * twice for one `Idempotency-Key`. A repeat of a key is answered, not charged; a refusal costs nothing.
 *
 * @throws Problem `quota-exceeded`, `idempotency-key-required`, `idempotency-key-reused`,
 * `contention` (nothing was charged), `outcome-unknown` without a key only, `not-found` without a plan
 */
export async function incrementUsage(
  { params, body, headers, caller, requestId }: OperationRequest<typeof incrementUsageRoute>,
  { charge, now }: { charge: ChargeUsage; now: Clock },
): Promise<Reply<OperationBody<typeof incrementUsageRoute>>> {
  const { resource } = params;
  const nowMs = now();
  const amount = body.amount ?? 1;
  const { outcome, standing, dedupeWindowSeconds } = await charge({
    manufacturerId: caller.manufacturerId,
    resource,
    amount,
    nowMs,
    idempotencyKey: headers["idempotency-key"],
    memberId: caller.memberId,
    requestId,
  });
  if (outcome === "refused") throw quotaExceeded(standing, amount, nowMs);
  return new Reply(
    { ...standing, replayed: outcome === "replayed", dedupeWindowSeconds },
    rateLimitFields([standing], nowMs),
  );
}
