import type { Clock } from "../clock.ts";
import type { ProblemCode } from "../problem.ts";
import { Problem } from "../problem.ts";
import type { ManufacturerKey } from "./seal-record.ts";

export interface DataKeyCacheLimits {
  readonly entriesMax: number;
  /** Longest life of an unwrapped key; each one lives a random 90 to 100 % of it. */
  readonly lifetimeMs: number;
  readonly usesMax: number;
  readonly bytesMax: number;
  /** How long a refusal is repeated without asking KMS or the table again. */
  readonly refusalMs: number;
}

export const dataKeyCacheLimits: DataKeyCacheLimits = {
  entriesMax: 1_000,
  lifetimeMs: 5 * 60_000,
  usesMax: 1_000_000,
  bytesMax: 2 ** 36,
  refusalMs: 5_000,
};

interface Entry {
  readonly key: ManufacturerKey;
  readonly expiresAtMs: number;
  uses: number;
  bytes: number;
}

/** Refusals that stay true for a while; a fault of KMS or of the network is asked again at once. */
const lastingRefusals: ReadonlySet<ProblemCode> = new Set([
  "ciphertext-tampered",
  "key-destroyed",
  "key-revoked",
  "key-version-retired",
  "key-version-unknown",
  "kms-denied",
  "residency-violation",
]);

/**
 * Unwrapped manufacturer keys of one environment, least recently used first out. Concurrent misses
 * share one load. A key is forgotten by age, by number of uses or by bytes sealed or opened. Age needs
 * no further request: a timer removes what has expired, and since no timer runs while Lambda freezes
 * an environment, so does the next use of any key.
 */
export class DataKeyCache {
  readonly #entries = new Map<string, Entry>();
  readonly #loads = new Map<string, Promise<Entry>>();
  readonly #refusals = new Map<string, { problem: Problem; untilMs: number }>();
  readonly #limits: DataKeyCacheLimits;
  readonly #now: Clock;
  readonly #random: () => number;
  #sweepAtMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param options.random spreads expiry so that keys loaded together do not expire together */
  constructor(options: { now: Clock; random?: () => number; limits?: DataKeyCacheLimits }) {
    this.#now = options.now;
    this.#random = options.random ?? Math.random;
    this.#limits = options.limits ?? dataKeyCacheLimits;
  }

  /**
   * The key under `name`, charged with one use of `bytes`; `load` brings it when it is absent or
   * used up.
   * @throws Problem as `load` does, a lasting refusal for up to `refusalMs` without loading
   */
  async get(
    name: string,
    bytes: number,
    load: () => Promise<ManufacturerKey>,
  ): Promise<ManufacturerKey> {
    if (this.#now() >= this.#sweepAtMs) this.#sweep();
    const entry = this.#find(name, bytes) ?? (await this.#loadOnce(name, load));
    entry.uses += 1;
    entry.bytes += bytes;
    return entry.key;
  }

  /**
   * Forgets every key and refusal whose name starts with `prefix` but not with `kept`. What is being
   * loaded under such a name still goes to those who wait for it, and is not kept.
   */
  dropExcept(prefix: string, kept: string): void {
    for (const map of [this.#entries, this.#refusals, this.#loads]) {
      for (const name of map.keys()) {
        if (name.startsWith(prefix) && !name.startsWith(kept)) map.delete(name);
      }
    }
  }

  #find(name: string, bytes: number): Entry | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    const { bytesMax, usesMax } = this.#limits;
    if (entry.uses >= usesMax || entry.bytes + bytes > bytesMax) return undefined;
    this.#entries.set(name, entry);
    return entry;
  }

  #loadOnce(name: string, load: () => Promise<ManufacturerKey>): Promise<Entry> {
    const running = this.#loads.get(name);
    if (running !== undefined) return running;
    const refusal = this.#refusals.get(name);
    if (refusal !== undefined && refusal.untilMs > this.#now())
      return Promise.reject(refusal.problem);
    const started = this.#load(name, load).finally(() => this.#loads.delete(name));
    this.#loads.set(name, started);
    return started;
  }

  async #load(name: string, load: () => Promise<ManufacturerKey>): Promise<Entry> {
    // Counted from the start of the load: what was read is no younger than that.
    const startedAtMs = this.#now();
    try {
      const key = await load();
      const lifetimeMs = this.#limits.lifetimeMs * (0.9 + 0.1 * this.#random());
      const entry = { key, expiresAtMs: startedAtMs + lifetimeMs, uses: 0, bytes: 0 };
      if (!this.#loads.has(name)) return entry;
      this.#remember(this.#entries, name, entry);
      this.#sweepBy(entry.expiresAtMs);
      return entry;
    } catch (error) {
      if (error instanceof Problem && lastingRefusals.has(error.code)) {
        const untilMs = startedAtMs + this.#limits.refusalMs;
        this.#remember(this.#refusals, name, { problem: error, untilMs });
      }
      throw error;
    }
  }

  /** Removes every expired key. The last reference goes with it; Node then frees and clears the bytes. */
  #sweep(): void {
    const nowMs = this.#now();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sweepAtMs = Number.POSITIVE_INFINITY;
    for (const [name, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs <= nowMs) this.#entries.delete(name);
      else this.#sweepBy(expiresAtMs);
    }
  }

  #sweepBy(atMs: number): void {
    if (atMs >= this.#sweepAtMs) return;
    this.#sweepAtMs = atMs;
    clearTimeout(this.#timer);
    // Unreferenced: a key in memory keeps no process alive.
    this.#timer = setTimeout(() => this.#sweep(), Math.max(0, atMs - this.#now())).unref();
  }

  #remember<Value>(map: Map<string, Value>, name: string, value: Value): void {
    map.delete(name);
    map.set(name, value);
    const oldest = map.keys().next().value;
    if (map.size > this.#limits.entriesMax && oldest !== undefined) map.delete(oldest);
  }
}
