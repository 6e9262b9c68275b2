import { BoundedMap } from "./bounded-map.ts";
import type { Counter } from "./counter.ts";
import { hasRoomFor, isCurrent } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";

const entriesMax = 5_000;
const refusalLifetimeMs = 60_000;
const recordIntervalMs = 10_000;

/** How long an environment answers with the counter it saw, its own charges added. */
const counterLifetimeMs = 10_000;

/** Names the counter that a charge is for. */
export const counterName = ({ manufacturerId, resource, period }: Charge): string =>
  `${manufacturerId}/${resource}/${period.name}`;

/**
 * What an environment remembers between charges to save requests. It never decides: a remembered
 * refusal makes the next charge look before it writes, and a remembered counter is only what a
 * committed charge is answered with.
 */
export class ChargeMemory {
  readonly #refusals = new BoundedMap<{
    untilMs: number;
    unrecorded: number;
    recordAtMs: number;
  }>(entriesMax);
  readonly #counters = new BoundedMap<{ counter: Counter; seenAtMs: number }>(entriesMax);

  /** Whether the last charge was refused, less than a minute ago. */
  wasRefused(charge: Charge): boolean {
    return (this.#refusals.get(counterName(charge))?.untilMs ?? 0) > charge.nowMs;
  }

  /** Remembers a refusal; answers the refused units that are due to be recorded, 0 for none yet. */
  addRefusal(charge: Charge): number {
    const { nowMs } = charge;
    const known = this.#refusals.get(counterName(charge));
    const unrecorded = (known?.unrecorded ?? 0) + charge.amount;
    const isDue = (known?.recordAtMs ?? 0) <= nowMs;
    this.#refusals.set(counterName(charge), {
      untilMs: nowMs + refusalLifetimeMs,
      unrecorded: isDue ? 0 : unrecorded,
      recordAtMs: isDue ? nowMs + recordIntervalMs : (known?.recordAtMs ?? 0),
    });
    return isDue ? unrecorded : 0;
  }

  forgetRefusal(charge: Charge): void {
    this.#refusals.delete(counterName(charge));
  }

  /** Remembers a counter as it was read or answered. */
  see(charge: Charge, counter: Counter): void {
    this.#counters.set(counterName(charge), { counter, seenAtMs: charge.nowMs });
  }

  /** The counter as last seen, with this environment's charges since; undefined when that was too long ago. */
  seen(charge: Charge): Counter | undefined {
    const known = this.#counters.get(counterName(charge));
    if (!known || known.seenAtMs + counterLifetimeMs <= charge.nowMs) return undefined;
    return isCurrent(known.counter, charge.nowMs) ? known.counter : undefined;
  }

  /**
   * Adds a charge that was committed to the counter as last seen, and answers it. Undefined where it
   * was not seen lately, or has no room for what was admitted: then it is out of date.
   */
  add(charge: Charge): Counter | undefined {
    const known = this.#counters.get(counterName(charge));
    const counter = this.seen(charge);
    if (!known || !counter || !hasRoomFor(counter, charge.amount)) return undefined;
    known.counter = {
      ...counter,
      used: counter.used + charge.amount,
      remaining: counter.remaining - charge.amount,
    };
    return known.counter;
  }
}
