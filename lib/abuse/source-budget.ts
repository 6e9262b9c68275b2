import { identityKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { hourEndMs, hourOf } from "../aws/period-budget.ts";
import type { TrySpend } from "../aws/try-spend.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { Source } from "./source.ts";
import { sourcesOf } from "./source.ts";

/**
 * What one source may spend on public operations. `max` units are spent within each window; a request
 * costs `request`, and one that proves nothing (a wrong password, code or link) `failure` on top.
 *
 * - `passwords`: hashes a password. 600 people behind one carrier's address may sign in within ten
 *   minutes, whoever guesses at one address or at many has 120 attempts.
 * - `mails`: asks for a password reset.
 * - `codes`: second factors. Only a wrong code after a right password costs anything: nobody without
 *   a password can use up the budget of the others behind their address.
 */
export const sourceBudgets = {
  passwords: { max: 600, windowMs: 600_000, request: 1, failure: 4 },
  mails: { max: 60, windowMs: 3_600_000, request: 1, failure: 0 },
  codes: { max: 120, windowMs: 600_000, request: 0, failure: 1 },
} as const;

export type SourceBudgetName = keyof typeof sourceBudgets;

/** When the window that a time is in ends, epoch milliseconds. */
const windowEnd = (nowMs: number, windowMs: number): number =>
  (Math.floor(nowMs / windowMs) + 1) * windowMs;

/** Units that an environment gives a source before it asks the table, and takes from there at a time. */
const leasesPerBudget = 60;

/** Sign-ups that one source may have mailed within an hour; counted in the transaction of each. */
const signUpsMax = 20;

/** The budget of sign-ups from a network, for the hour of UTC that it is. */
export const signUpBudget =
  (factor: number) =>
  (network: string, nowMs: number): PeriodBudget => ({
    key: identityKeys.sourceBudget(network, "sign-ups", hourOf(nowMs)),
    max: signUpsMax * factor,
    endsAtMs: hourEndMs(nowMs),
  });

/** An environment remembers the busiest of sources and forgets the one it met first. */
const sourcesMax = 10_000;

export interface SourceBudget {
  /** @throws Problem `too-many-requests` with `Retry-After`, 429 */
  spend(sourceIp: string): Promise<void>;
  /** The request proved nothing. */
  spendFailure(sourceIp: string): void;
}

interface Account {
  budget: PeriodBudget;
  /** Units that are taken from the table at a time. */
  lease: number;
  /** Units in hand; below 0 after failures. */
  left: number;
  /** Units that were given without asking the table. */
  unreported: number;
  isSpent: boolean;
}

/**
 * A source's budget, first from the memory of this environment and then from the table. Few requests
 * cost no round trip: an environment gives each source a small share of its own, and asks for more only
 * when that is used. What it gave unasked is charged with the first question, so that a busy source has
 * one budget over all environments. A source that has spent it is refused without any call until the
 * window ends.
 */
export function sourceBudget(
  name: SourceBudgetName,
  { trySpend, factor, now }: { trySpend: TrySpend; factor: number; now: Clock },
): SourceBudget {
  const { max, windowMs, request, failure } = sourceBudgets[name];
  const accounts = new Map<string, Account>();

  const accountOf = ({ network, width }: Source): Account => {
    const nowMs = now();
    const known = accounts.get(network);
    if (known && known.budget.endsAtMs > nowMs) return known;
    const endsAtMs = windowEnd(nowMs, windowMs);
    const key = identityKeys.sourceBudget(network, name, toRfc3339(endsAtMs));
    const budget = { key, max: max * factor * width, endsAtMs };
    const lease = budget.max / leasesPerBudget;
    const opened = { budget, lease, left: lease, unreported: lease, isSpent: false };
    accounts.delete(network);
    accounts.set(network, opened);
    if (accounts.size > sourcesMax) accounts.delete(accounts.keys().next().value ?? network);
    return opened;
  };

  return {
    async spend(sourceIp) {
      for (const account of sourcesOf(sourceIp).map(accountOf)) {
        if (account.left < request) await extend(account, trySpend);
        if (account.isSpent) throw tooManyRequests(account.budget.endsAtMs, now);
        account.left -= request;
      }
    },
    spendFailure(sourceIp) {
      for (const account of sourcesOf(sourceIp).map(accountOf)) account.left -= failure;
    },
  };
}

/** Takes from the table what was given unasked, what is owed, and a lease; notes where that is not there. */
async function extend(account: Account, trySpend: TrySpend): Promise<void> {
  if (account.isSpent) return;
  const more = Math.max(0, -account.left) + account.lease;
  const uses = more + account.unreported;
  account.unreported = 0;
  account.isSpent = !(await trySpend(account.budget, uses));
  account.left += more;
}

/** 429 until the window is over. */
export function tooManyRequests(windowEndsAtMs: number, now: Clock): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil((windowEndsAtMs - now()) / 1000));
  return new Problem("too-many-requests", {
    detail: "Wait before the next request, or sign in from a device that has signed in before.",
    extra: { retryAfterSeconds },
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}
