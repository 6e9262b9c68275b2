import { invalidRequest } from "../http/response.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import { Problem } from "../problem.ts";
import { ChargeMemory } from "./charge-memory.ts";
import type { Counter, Standing } from "./counter.ts";
import { hasRoomFor, isCurrent, standingOf } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";
import { isInFirstReleaseSets } from "./first-release-keys.ts";
import { idempotencyKeyPattern, ledgerOverlapMs } from "./idempotency.ts";
import type { Leases } from "./leases.ts";
import type { LedgerEntry } from "./ledger-statements.ts";
import { periodAt } from "./period.ts";
import type { UsageStore } from "./store.ts";
import type { Resource } from "./tiers.ts";
import { ledgerResources } from "./tiers.ts";

/** What is asked for: who pays for how much, and the key that makes a repeat harmless. */
export interface ChargeRequest {
  manufacturerId: string;
  resource: Resource;
  amount: number;
  nowMs: number;
  idempotencyKey?: string | undefined;
  memberId: string;
  requestId: string;
}

export interface ChargeVerdict {
  /** `replayed`: the key was charged before, nothing is charged now. `refused`: nothing was charged. */
  outcome: "charged" | "replayed" | "refused";
  /**
   * Exact, save where a key was charged, or a leased unit: then it is the counter as this environment saw it in the
   * last ten seconds with its own charges added, and what others charged meanwhile is missing.
   */
  standing: Standing;
  /** For how long a repeat of the key is certain to be recognised; 0 without a key. */
  dedupeWindowSeconds: number;
  /** Of a replay: the charge that was made. */
  first?: Pick<LedgerEntry, "requestId" | "chargedAtMs">;
}

export type ChargeUsage = (request: ChargeRequest) => Promise<ChargeVerdict>;

/** A charge starts over when the plan or the period moved under it; then it gives up. */
const attemptsMax = 8;

/**
 * Charges a manufacturer's counter exactly: one statement, or one transaction with a key, when all is
 * warm. Counters that are charged often are charged from `leases`, where there are any.
 *
 * @throws Problem `idempotency-key-required`, `idempotency-key-reused` when the key was charged with
 * another amount, `outcome-unknown` without a key only, `not-found` without a plan, `contention`
 */
export function charger(usage: UsageStore, leases?: Leases): ChargeUsage {
  const memory = new ChargeMemory();
  return performanceMonitor(innerOperations.usageCheck)(async (request: ChargeRequest) => {
    requireKey(request);
    const charge: Charge = { ...request, period: periodAt(request.nowMs) };
    const run = new ChargeRun(usage, memory, charge, request);
    const [verdict] = await Promise.all([run.charge(leases), leases?.returnEnded(charge.nowMs)]);
    if (verdict.outcome !== "refused") memory.forgetRefusal(charge);
    else await recordRefusal(usage, memory, charge);
    return verdict;
  });
}

function requireKey({ resource, idempotencyKey }: ChargeRequest): void {
  if (idempotencyKey === undefined && ledgerResources.includes(resource))
    throw new Problem("idempotency-key-required", {
      detail: `Send a new Idempotency-Key with every charge of ${resource}, and the same one when repeating it.`,
    });
  if (idempotencyKey !== undefined && !idempotencyKeyPattern.test(idempotencyKey))
    throw invalidRequest([{ pointer: "/headers/idempotency-key", code: "invalid-format" }]);
}

/** Refusals are counted for advice only: failing to do so must not fail the answer. */
async function recordRefusal(
  usage: UsageStore,
  memory: ChargeMemory,
  charge: Charge,
): Promise<void> {
  const due = memory.addRefusal(charge);
  if (due > 0) await usage.recordRefusals(charge, due).catch(() => undefined);
}

/** One request on its way through the statements. */
class ChargeRun {
  readonly #usage: UsageStore;
  readonly #memory: ChargeMemory;
  readonly #charge: Charge;
  readonly #entry: LedgerEntry | undefined;

  constructor(usage: UsageStore, memory: ChargeMemory, charge: Charge, request: ChargeRequest) {
    const { idempotencyKey, amount, nowMs, memberId, requestId } = request;
    this.#usage = usage;
    this.#memory = memory;
    this.#charge = charge;
    this.#entry =
      idempotencyKey === undefined
        ? undefined
        : { idempotencyKey, amount, chargedAtMs: nowMs, memberId, requestId };
  }

  /** After a refusal: reading costs a tenth of a refused write and keeps the counter free for others. */
  async #look(): Promise<ChargeVerdict | undefined> {
    const { manufacturerId, resource, period, nowMs, amount } = this.#charge;
    // A key of last month is looked for by the full statement only.
    if (this.#entry && nowMs - period.startsAtMs < ledgerOverlapMs) return undefined;
    const { counter, entry } = this.#entry
      ? await this.#usage.readWithEntry(this.#charge, this.#entry.idempotencyKey)
      : {
          counter: await this.#usage.readCounter(manufacturerId, resource, period),
          entry: undefined,
        };
    if (!isCurrent(counter, nowMs)) return undefined;
    if (entry && !("refundedAtMs" in entry)) return this.#replay(entry, counter);
    if (this.#isRemembered(counter)) return this.#verdict("replayed", counter);
    return hasRoomFor(counter, amount) ? undefined : this.#verdict("refused", counter);
  }

  /** From a lease where there is one, else by statements of its own. */
  async charge(leases: Leases | undefined): Promise<ChargeVerdict> {
    const leased = await this.#chargeFromLease(leases);
    if (leased) return leased;
    const early = this.#memory.wasRefused(this.#charge) ? await this.#look() : undefined;
    if (early) return early;
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const verdict = await (this.#entry
        ? this.#chargeWithKey(this.#entry)
        : this.#chargeWithoutKey());
      if (verdict) return verdict;
    }
    throw new Problem("contention", { headers: { "retry-after": "1" } });
  }

  async #chargeFromLease(leases: Leases | undefined): Promise<ChargeVerdict | undefined> {
    if (this.#entry) return undefined;
    const counter = await leases?.charge(this.#charge, () => this.#memory.seen(this.#charge));
    return counter && this.#verdict("charged", counter);
  }

  async #chargeWithoutKey(): Promise<ChargeVerdict | undefined> {
    const outcome = await this.#usage.charge(this.#charge, this.#memory.seen(this.#charge));
    return outcome.charged ? this.#verdict("charged", outcome.counter) : this.#explain(outcome.met);
  }

  async #chargeWithKey(entry: LedgerEntry): Promise<ChargeVerdict | undefined> {
    const seen = this.#memory.seen(this.#charge);
    const outcome = await this.#usage.chargeWithKey(this.#charge, entry, seen);
    if (outcome.charged) {
      const known = this.#memory.add(this.#charge);
      return known
        ? this.#standing("charged", known)
        : this.#verdict("charged", await this.#readCounter());
    }
    if (outcome.repeated) return this.#replay(outcome.entry, await this.#readCounter());
    return this.#explain(outcome.met);
  }

  /** Why the counter refused: a verdict, or undefined when the charge is worth another attempt. */
  async #explain(met: Counter | undefined): Promise<ChargeVerdict | undefined> {
    if (!isCurrent(met, this.#charge.nowMs)) {
      await this.#settle();
      return undefined;
    }
    if (this.#isRemembered(met)) return this.#verdict("replayed", met);
    return hasRoomFor(met, this.#charge.amount) ? undefined : this.#verdict("refused", met);
  }

  async #settle(): Promise<void> {
    const plan = await this.#usage.readPlan(this.#charge.manufacturerId);
    if (!plan) throw new Problem("not-found", { detail: "The manufacturer has no plan." });
    await this.#usage.settle(plan, this.#charge);
  }

  /** The counter as it stands; made first where only last month's ledger knows the key. */
  async #readCounter(): Promise<Counter> {
    const { manufacturerId, resource, period, nowMs } = this.#charge;
    const read = () => this.#usage.readCounter(manufacturerId, resource, period);
    let counter = await read();
    if (!isCurrent(counter, nowMs)) {
      await this.#settle();
      counter = await read();
    }
    if (!counter) throw new Problem("contention", { headers: { "retry-after": "1" } });
    return counter;
  }

  #replay(entry: LedgerEntry | undefined, counter: Counter): ChargeVerdict {
    if (entry && entry.amount !== this.#charge.amount) {
      throw new Problem("idempotency-key-reused", {
        detail: `The key was charged with the amount ${entry.amount} before.`,
      });
    }
    const verdict = this.#verdict("replayed", counter);
    return entry ? { ...verdict, first: entry } : verdict;
  }

  #isRemembered(counter: Counter): boolean {
    return this.#entry !== undefined && isInFirstReleaseSets(counter, this.#entry.idempotencyKey);
  }

  /** A verdict on the counter as it was read or answered just now. */
  #verdict(outcome: ChargeVerdict["outcome"], counter: Counter): ChargeVerdict {
    this.#memory.see(this.#charge, counter);
    return this.#standing(outcome, counter);
  }

  #standing(outcome: ChargeVerdict["outcome"], counter: Counter): ChargeVerdict {
    const { resource, period, nowMs } = this.#charge;
    const windowMs = period.endsAtMs + ledgerOverlapMs - nowMs;
    return {
      outcome,
      standing: standingOf(resource, period, counter, counter.used),
      dedupeWindowSeconds: this.#entry ? Math.floor(windowMs / 1000) : 0,
    };
  }
}
