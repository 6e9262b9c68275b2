import { chargeIdsMax, chargeIdsMin } from "./charge-ids.ts";
import type { Counter } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";

const entriesMax = 5_000;
const refusalLifetimeMs = 60_000;
const recordIntervalMs = 10_000;
const contentionLifetimeMs = 1_000;

const nameOf = ({ manufacturerId, resource, period }: Charge): string =>
  `${manufacturerId}/${resource}/${period.name}`;

/**
 * What an environment remembers between charges to save writes. It never decides: a remembered
 * refusal makes the next charge look before it writes, and a remembered counter is a condition of
 * the write. So a new limit holds everywhere at once.
 */
export class ChargeMemory {
  readonly #refusals = new BoundedMap<{
    untilMs: number;
    unrecorded: number;
    recordAtMs: number;
  }>();
  readonly #counters = new BoundedMap<Counter | { contendedUntilMs: number }>();

  readonly #chargeIds = new BoundedMap<{ size: number; rotates: boolean }>();

  /** Whether the last charge was refused, less than a minute ago. */
  wasRefused(charge: Charge): boolean {
    return (this.#refusals.get(nameOf(charge))?.untilMs ?? 0) > charge.nowMs;
  }

  /** Remembers a refusal; answers the refused units that are due to be recorded, 0 for none yet. */
  addRefusal(charge: Charge): number {
    const { nowMs } = charge;
    const known = this.#refusals.get(nameOf(charge));
    const unrecorded = (known?.unrecorded ?? 0) + charge.amount;
    const isDue = (known?.recordAtMs ?? 0) <= nowMs;
    this.#refusals.set(nameOf(charge), {
      untilMs: nowMs + refusalLifetimeMs,
      unrecorded: isDue ? 0 : unrecorded,
      recordAtMs: isDue ? nowMs + recordIntervalMs : (known?.recordAtMs ?? 0),
    });
    return isDue ? unrecorded : 0;
  }

  forgetRefusal(charge: Charge): void {
    this.#refusals.delete(nameOf(charge));
  }

  /** Whether the next charge without a key is the one that rotates the set of charge ids. */
  rotatesIds(charge: Charge): boolean {
    return this.#chargeIds.get(nameOf(charge))?.rotates ?? false;
  }

  /**
   * Notes how large a charge of this environment has left the set; answers whether it is the one to
   * rotate it, at once. Only one charge fills a set, and knows so by its answer. Who made the charge
   * before as well is probably alone, and rotates with its next charge instead.
   */
  noteIds(charge: Charge, size: number): boolean {
    const isFilled = size % chargeIdsMin === 0;
    const isAlone = this.#chargeIds.get(nameOf(charge))?.size === size - 1;
    this.#chargeIds.set(nameOf(charge), { size, rotates: isFilled && isAlone });
    return isFilled && !isAlone;
  }

  /** Notes the set that a charge was refused with: a full one has to be rotated, no other. */
  noteRefusedIds(charge: Charge, size: number): void {
    this.#chargeIds.set(nameOf(charge), { size, rotates: size >= chargeIdsMax });
  }

  /** The counter as this environment left it, unless others charge it too. */
  counterOf(charge: Charge): Counter | undefined {
    const known = this.#counters.get(nameOf(charge));
    return known && "used" in known ? known : undefined;
  }

  keepCounter(charge: Charge, counter: Counter): void {
    const known = this.#counters.get(nameOf(charge));
    const isContended =
      known && "contendedUntilMs" in known && known.contendedUntilMs > charge.nowMs;
    if (!isContended) this.#counters.set(nameOf(charge), counter);
  }

  /** Others charge the counter as well: expecting it unchanged would only cost a write. */
  markContended(charge: Charge): void {
    this.#counters.set(nameOf(charge), { contendedUntilMs: charge.nowMs + contentionLifetimeMs });
  }
}

/** Forgets the entry that was set first when it is full. */
class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.#entries.get(name);
  }

  set(name: string, value: Value): void {
    this.#entries.delete(name);
    this.#entries.set(name, value);
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > entriesMax && oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }
}
