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
