import { remembersCharge } from "./charge-ids.ts";
import type { ChargeMemory } from "./charge-memory.ts";
import type { Charge } from "./counter-statements.ts";
import type { CounterOutcome, UsageStore } from "./store.ts";

/**
 * Charges without an idempotency key, under an id of the charge's own: one request, and another one
 * for every 16 charges or more where several environments charge the same counter.
 *
 * A refusal by a set of ids that was full, or rotated meanwhile, is worth another attempt.
 */
export async function chargeWithoutKey(
  usage: UsageStore,
  memory: ChargeMemory,
  charge: Charge,
  id: string,
): Promise<CounterOutcome> {
  const outcome = await usage.charge(charge, id, memory.rotatesIds(charge));
  if (outcome.charged) {
    const rotatesNow = memory.noteIds(charge, outcome.counter.chargeIds?.size ?? 0);
    // The charge is made, and whoever finds the set full rotates it: failing here must not fail it.
    if (rotatesNow) await usage.rotateChargeIds(charge).catch(() => undefined);
    return outcome;
  }
  const { met } = outcome;
  memory.noteRefusedIds(charge, met?.chargeIds?.size ?? 0);
  // The answer to this very charge was lost, and the SDK has sent it again.
  return met && remembersCharge(met, id) ? { charged: true, counter: met } : outcome;
}
