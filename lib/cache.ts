import type { Clock } from "./clock.ts";

/**
 * A bounded map of values that are loaded on demand and forgotten after a while. Concurrent calls
 * for one key share one load; a failed load is forgotten at once.
 *
 * Time is the lifetime in milliseconds and `entriesMax` the bound; the oldest entry goes first.
 */
export class ExpiringCache<Value> {
  readonly #entries = new Map<string, { value: Promise<Value>; expiresAtMs: number }>();
  readonly #lifetimeMs: number;
  readonly #entriesMax: number;
  readonly #now: Clock;

  constructor(options: { lifetimeMs: number; entriesMax: number; now: Clock }) {
    this.#lifetimeMs = options.lifetimeMs;
    this.#entriesMax = options.entriesMax;
    this.#now = options.now;
  }

  /** The cached value, or `load`'s. `fresh` loads in any case and replaces what was cached. */
  get(key: string, load: () => Promise<Value>, fresh = false): Promise<Value> {
    const cached = this.#entries.get(key);
    if (cached && !fresh && cached.expiresAtMs > this.#now()) return cached.value;
    const value = load();
    const entry = { value, expiresAtMs: this.#now() + this.#lifetimeMs };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#evict();
    return value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #evict(): void {
    if (this.#entries.size <= this.#entriesMax) return;
    const oldest = this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
