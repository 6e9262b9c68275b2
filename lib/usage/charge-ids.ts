import type { Counter } from "./counter.ts";
import type { ChargeExtension } from "./counter-statements.ts";

/**
 * A charge without an idempotency key is sent again by the SDK when its answer is lost, and nobody
 * else could tell the two apart: so each carries an id of its own, which the counter remembers in two
 * sets that rotate.
 *
 * The young set is rotated from this size on, so an id outlasts at least as many other charges.
 */
export const chargeIdsMin = 16;

/** No set grows beyond this: whoever finds it full rotates it. Keeps the counter below 1 KB. */
export const chargeIdsMax = 48;

const isNew = "NOT contains(chargeIds, :chargeId) AND NOT contains(previousChargeIds, :chargeId)";

/** Remembers the charge's id in the young set. */
export const appendChargeId = (id: string): ChargeExtension => ({
  add: ", chargeIds :chargeIds",
  condition: ` AND (attribute_not_exists(chargeIds) OR size(chargeIds) < :chargeIdsMax) AND ${isNew}`,
  values: { ":chargeId": id, ":chargeIds": new Set([id]), ":chargeIdsMax": chargeIdsMax },
});

/** Makes the young set the previous one and remembers the charge's id in a new one. */
export const rotateChargeIds = (id: string): ChargeExtension => ({
  set: ", previousChargeIds = chargeIds, chargeIds = :chargeIds",
  condition: ` AND size(chargeIds) >= :chargeIdsMin AND ${isNew}`,
  values: { ":chargeId": id, ":chargeIds": new Set([id]), ":chargeIdsMin": chargeIdsMin },
});

/** Whether the counter has been charged under this id before: the answer to that was lost. */
export const remembersCharge = (counter: Counter, id: string): boolean =>
  counter.chargeIds?.has(id) === true || counter.previousChargeIds?.has(id) === true;
