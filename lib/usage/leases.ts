import { newChargeId } from "../id.ts";
import { BoundedMap } from "./bounded-map.ts";
import { counterName } from "./charge-memory.ts";
import type { Counter } from "./counter.ts";
import { isCurrent } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";
import type { Lease, LeaseStore } from "./lease-store.ts";
import { countLeases } from "./lease-store.ts";
import { dayBucket } from "./period.ts";
import { unlimited } from "./tiers.ts";

/** Charges within a second, of one counter in one environment, from which on it takes leases. */
const chargesMin = 20;
/** A smaller lease is not worth its risk: charges are written one by one. */
const unitsMin = 20;
const unitsMax = 250;
const lifetimeMs = 2_000;

/** A lease is never more than this share of what remains below the limit, ... */
const remainingPerUnit = 50;
/** ... and aims at half of it, since others charge between a look at the counter and a lease. */
const remainingAimed = 100;
/** All units that are leased at a time, those of lost environments included, are this share of the limit at most. */
const limitPerUnit = 100;
/** Each takes some 25 bytes of the counter. */
const openLeasesMax = 20;

/** After a lease that was not granted, charges are written one by one for so long. */
const pauseMs = 1_000;
/** The last leases of a month have ended before it does, so that a closed month is not touched. */
const quietBeforeEndMs = 60_000;
const countersMax = 5_000;

/** A lease, and the counter as its statement has left it. */
interface OpenLease {
  lease: Lease;
  counter: Counter;
}

/**
 * Units taken in advance for counters that an environment charges often: one write for about a
 * second's charges. Leased units count as used until they are given back, so no clock and no crash
 * decides whether a unit is admitted: what an environment that is ended had left stays used.
 */
export class Leases {
  readonly #store: LeaseStore;
  readonly #rates = new BoundedMap<Rate>(countersMax);
  readonly #open = new Map<string, OpenLease>();
  readonly #underWay = new Map<string, Promise<unknown>>();
  #ended: Lease[] = [];

  constructor(store: LeaseStore) {
    this.#store = store;
  }

  /**
   * Charges from a lease, or takes one. Answers the counter as this environment knows it, its own
   * unspent units left out; undefined where the charge has to be written by itself.
   *
   * @param seen the counter as the environment saw it lately
   */
  async charge(charge: Charge, seen: () => Counter | undefined): Promise<Counter | undefined> {
    const name = counterName(charge);
    const rate = this.#rates.get(name) ?? new Rate();
    this.#rates.set(name, rate);
    rate.add(charge);
    for (;;) {
      const counter = this.#spend(name, charge);
      if (counter) return counter;
      const taking = this.#underWay.get(name);
      if (!taking) break;
      await taking;
    }
    const counter = seen();
    const units = counter && unitsToLease(charge, rate, counter, this.#open.get(name)?.lease);
    if (!units) return undefined;
    const taking = this.#take(charge, rate, units, counter);
    this.#underWay.set(name, taking);
    return taking;
  }

  /**
   * Gives back what ended leases have left; to be called with every charge, since an environment is
   * frozen between requests. Never fails: what cannot be given back now is with the next charge.
   */
  async returnEnded(nowMs: number): Promise<void> {
    for (const [name, { lease }] of this.#open) {
      if (isLive(lease, nowMs)) continue;
      this.#open.delete(name);
      this.#ended.push(lease);
    }
    const due = this.#ended.filter(({ taken }) => nowMs < taken.period.endsAtMs);
    this.#ended = [];
    await Promise.all(
      due.map((lease) => this.#store.returnLease(lease).catch(() => this.#ended.push(lease))),
    );
  }

  #spend(name: string, { amount, nowMs }: Charge): Counter | undefined {
    const open = this.#open.get(name);
    if (!open || !isLive(open.lease, nowMs) || !isCurrent(open.counter, nowMs)) return undefined;
    if (open.lease.unspent < amount) return undefined;
    open.lease.unspent -= amount;
    return known(open);
  }

  async #take(charge: Charge, rate: Rate, units: number, seen: Counter) {
    const name = counterName(charge);
    const open = this.#open.get(name)?.lease;
    // Nothing is charged from it while it is being settled.
    this.#open.delete(name);
    const previous = open && isLive(open, charge.nowMs) ? open : undefined;
    if (open && !previous) this.#ended.push(open);
    const lease: Lease = {
      id: newChargeId(),
      taken: { ...charge, amount: units },
      unspent: units,
      untilMs: charge.nowMs + lifetimeMs,
    };
    const terms = {
      remainingMin: units * remainingPerUnit + seen.overageMax,
      leasedMax: leasedMaxOf(seen),
    };
    try {
      const counter = await this.#store.takeLease(lease, terms, seen, previous);
      if (counter) {
        this.#open.set(name, { lease, counter });
        return this.#spend(name, charge);
      }
    } catch {
      // Perhaps it was taken: then it is given back whole.
      this.#ended.push(lease);
    } finally {
      this.#underWay.delete(name);
    }
    if (previous) this.#ended.push(previous);
    rate.pausedUntilMs = charge.nowMs + pauseMs;
    return undefined;
  }
}

/** Charges of one counter in the present second and the one before. */
class Rate {
  #second = Number.NEGATIVE_INFINITY;
  #present = { charges: 0, units: 0 };
  #before = { charges: 0, units: 0 };
  pausedUntilMs = Number.NEGATIVE_INFINITY;

  add({ amount, nowMs }: Charge): void {
    const second = Math.floor(nowMs / 1000);
    if (second > this.#second) {
      this.#before = second === this.#second + 1 ? this.#present : { charges: 0, units: 0 };
      this.#present = { charges: 0, units: 0 };
      this.#second = second;
    }
    this.#present.charges += 1;
    this.#present.units += amount;
  }

  /** Units of the busier of the two seconds; 0 while charges are few. */
  get units(): number {
    const busier = this.#present.charges > this.#before.charges ? this.#present : this.#before;
    return busier.charges > chargesMin ? busier.units : 0;
  }
}

const isLive = ({ untilMs, taken }: Lease, nowMs: number): boolean =>
  nowMs < untilMs && dayBucket(nowMs) === dayBucket(taken.nowMs);

const leasedMaxOf = ({ limit, used }: Counter): number =>
  Math.floor((limit === unlimited ? used : limit) / limitPerUnit);

/** How many units a lease would have now; 0 where the charge is better written by itself. */
function unitsToLease(charge: Charge, rate: Rate, counter: Counter, previous?: Lease): number {
  const { limit, remaining, overageMax, leased = 0 } = counter;
  const isLate = charge.nowMs + quietBeforeEndMs >= charge.period.endsAtMs;
  if (isLate || rate.pausedUntilMs > charge.nowMs || countLeases(counter) >= openLeasesMax)
    return 0;
  const units = Math.min(
    rate.units,
    unitsMax,
    limit === unlimited ? unitsMax : Math.floor((remaining - overageMax) / remainingAimed),
    leasedMaxOf(counter) - leased + (previous?.taken.amount ?? 0),
  );
  return units < Math.max(unitsMin, charge.amount) ? 0 : units;
}

/** The counter as the lease was taken, less what is left of it. */
const known = ({ counter, lease }: OpenLease): Counter => ({
  ...counter,
  used: counter.used - lease.unspent,
  remaining: counter.remaining + lease.unspent,
});
