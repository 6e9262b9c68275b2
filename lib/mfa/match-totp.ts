import type { Origin } from "../audit/origin.ts";
import type { RecordFailure } from "../audit/record.ts";
import type { Charge, Taken } from "../auth/attempt-counter.ts";
import { freeAttempts } from "../auth/attempt-counter.ts";
import { tooManyAttempts } from "../auth/too-many-attempts.ts";
import type { Clock } from "../clock.ts";
import { toProblem } from "../http/to-problem.ts";
import { Problem } from "../problem.ts";
import type { TotpFactor } from "./factor.ts";
import { isExhausted } from "./factor.ts";
import type { FactorSecrets } from "./factor-secrets.ts";
import type { FactorStore } from "./factor-store.ts";
import { matchStep } from "./totp.ts";

export interface MatchDependencies {
  factors: FactorStore;
  secrets: FactorSecrets;
  recordFailure: RecordFailure;
  now: Clock;
}

export interface CodeAttempt {
  manufacturerId: string;
  memberId: string;
  factorIds: readonly string[];
  code: string;
  origin: Origin;
  status?: "active" | "pending";
}

export interface TotpMatch {
  factor: TotpFactor;
  step: number;
  /** What was charged to other factors, because nobody said which one the code is of. */
  otherCharges: readonly Taken[];
  /** Gives back every attempt that was charged for it. */
  giveBack: () => Promise<void>;
}

const factorOf = ({ item }: Taken): TotpFactor => item as unknown as TotpFactor;

/**
 * Charges one attempt to each factor that the code may be of, then compares. What matches counts for
 * nothing yet: the caller commits the time step together with what the code is good for. A factor
 * that the code could not be compared with, because the platform failed, gets its attempt back; one
 * that it was compared with does not.
 *
 * @throws Problem `invalid-code`, `too-many-attempts`, `factor-disabled`; `not-found` for a pending
 * factor that is not there; what opening a secret throws
 */
export async function matchTotp(
  attempt: CodeAttempt,
  dependencies: MatchDependencies,
): Promise<TotpMatch> {
  const { code, status = "active" } = attempt;
  const charges = await chargeAll(attempt, dependencies);
  const taken = charges.filter((charge) => charge.charged);
  await disableExhausted(refusedAsExhausted(charges, dependencies.now()), attempt, dependencies);
  if (taken.length === 0) throw refusalOf(charges, status);
  const opened = await Promise.allSettled(
    taken.map((charge) => dependencies.secrets.open(factorOf(charge))),
  );
  for (const [index, secret] of opened.entries()) {
    const charge = taken[index];
    const step = secret.status === "fulfilled" && matchStep(secret.value, code, dependencies.now());
    if (charge && typeof step === "number") {
      return {
        factor: factorOf(charge),
        step,
        otherCharges: taken.filter((other) => other !== charge),
        giveBack: () => giveBack(taken, dependencies),
      };
    }
  }
  const isCompared = (_: Taken, index: number) => opened[index]?.status === "fulfilled";
  const compared = taken.filter(isCompared).map(factorOf);
  await giveBack(
    taken.filter((charge, index) => !isCompared(charge, index)),
    dependencies,
  );
  if (compared.length > 0) await recordMismatch(compared, attempt, dependencies);
  throw opened.find((secret) => secret.status === "rejected")?.reason ?? invalidCode();
}

/** Where one charge cannot be made nothing is compared, and the others are given back. */
async function chargeAll(
  { memberId, factorIds, status = "active" }: CodeAttempt,
  dependencies: MatchDependencies,
): Promise<Charge[]> {
  const charges = await Promise.allSettled(
    factorIds.map((factorId) => dependencies.factors.charge({ memberId, factorId }, status)),
  );
  const made = charges.flatMap((charge) => (charge.status === "fulfilled" ? [charge.value] : []));
  const failed = charges.find((charge) => charge.status === "rejected");
  if (!failed) return made;
  await giveBack(
    made.filter((charge) => charge.charged),
    dependencies,
  );
  throw failed.reason;
}

/** What cannot be given back must not hide what failed first. */
async function giveBack(taken: readonly Taken[], { factors }: MatchDependencies): Promise<void> {
  await Promise.allSettled(taken.map((charge) => factors.giveBack(factorOf(charge), charge)));
}

/**
 * Does what a matched code is good for; where the platform fails in it, the attempts that the code
 * took are given back. A code that is refused keeps them.
 */
export async function useMatch<Result>(
  match: TotpMatch,
  use: (match: TotpMatch) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(match);
  } catch (error) {
    if (toProblem(error).status >= 500) await match.giveBack();
    throw error;
  }
}

/**
 * A factor whose last attempt this was is disabled; otherwise one record tells of the failure. The fifth
 * in a row, with which the waits begin, has a name of its own: the member is told of it, once.
 */
async function recordMismatch(
  charged: readonly TotpFactor[],
  attempt: CodeAttempt,
  dependencies: MatchDependencies,
): Promise<void> {
  const exhausted = charged.filter(isExhausted);
  await disableExhausted(exhausted, attempt, dependencies);
  if (exhausted.length > 0) return;
  const { manufacturerId, memberId, origin, status = "active" } = attempt;
  const isFifth =
    status === "active" && charged.some(({ failures }) => failures === freeAttempts + 1);
  await dependencies.recordFailure({
    manufacturerId,
    subjectId: memberId,
    action: isFifth ? "mfa.otp.guessed-at" : "mfa.otp.refused",
    origin,
    timeMs: dependencies.now(),
    details: { factorIds: charged.map(({ factorId }) => factorId) },
  });
}

/** Has each factor's item say that it is disabled; the member is told by the record of it. */
async function disableExhausted(
  exhausted: readonly TotpFactor[],
  { manufacturerId, memberId, origin }: CodeAttempt,
  { factors, now }: MatchDependencies,
): Promise<void> {
  for (const { factorId } of exhausted) {
    await factors.disable(
      { memberId, factorId },
      {
        manufacturerId,
        subjectId: memberId,
        action: "mfa.factor.disabled",
        outcome: "failure",
        origin,
        timeMs: now(),
        details: { factorId },
      },
    );
  }
}

/**
 * Factors without attempts whose items do not say so: what used up the last one got no further. It has
 * the time of that attempt's wait to do so, or to give the attempt back.
 */
const refusedAsExhausted = (charges: readonly Charge[], nowMs: number): TotpFactor[] =>
  charges.flatMap((charge) => {
    if (charge.charged || charge.reason !== "disabled") return [];
    const factor = charge.item as unknown as TotpFactor;
    const isOverdue = factor.status === "active" && (factor.notBeforeMs ?? 0) <= nowMs;
    return isOverdue ? [factor] : [];
  });

export const invalidCode = (): Problem => new Problem("invalid-code");

/** Why no factor could be charged: the shortest wait, else a disabled one, else there is none. */
function refusalOf(charges: readonly Charge[], status: "active" | "pending"): Problem {
  const waits = charges.flatMap((charge) =>
    !charge.charged && charge.reason === "waiting" ? [charge] : [],
  );
  const shortest = waits.toSorted((one, other) => one.retryAfterMs - other.retryAfterMs)[0];
  if (shortest) return tooManyAttempts(shortest);
  if (charges.some((charge) => !charge.charged && charge.reason === "disabled")) {
    return new Problem("factor-disabled", { detail: "Use another factor, or ask for an unlock." });
  }
  // A pending one is named by its path; which ones are bound is nobody's to find out.
  return status === "pending" ? new Problem("not-found") : invalidCode();
}
