import type { RecordFailure } from "../audit/record.ts";
import type { Charge } from "../auth/attempt-counter.ts";
import { tooManyAttempts } from "../auth/too-many-attempts.ts";
import type { Clock } from "../clock.ts";
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
  requestId: string;
  status?: "active" | "pending";
}

export interface TotpMatch {
  factor: TotpFactor;
  step: number;
  /** Factors that were charged too, because nobody said which one the code is of. */
  charged: readonly TotpFactor[];
}

/**
 * Charges one attempt to each factor that the code may be of, then compares. What matches counts for
 * nothing yet: the caller commits the time step together with what the code is good for.
 *
 * @throws Problem `invalid-code`, `too-many-attempts`, `factor-disabled`; `not-found` for a pending
 * factor that is not there
 */
export async function matchTotp(
  attempt: CodeAttempt,
  dependencies: MatchDependencies,
): Promise<TotpMatch> {
  const { factors, secrets, now } = dependencies;
  const { memberId, factorIds, code, status = "active" } = attempt;
  const charges = await Promise.all(
    factorIds.map((factorId) => factors.charge({ memberId, factorId }, status)),
  );
  const charged = charges.flatMap((charge) =>
    charge.charged ? [charge.item as unknown as TotpFactor] : [],
  );
  await disableExhausted(refusedAsExhausted(charges), attempt, dependencies);
  if (charged.length === 0) throw refusalOf(charges, status);
  for (const factor of charged) {
    const step = matchStep(await secrets.open(factor), code, now());
    if (step !== undefined) {
      return { factor, step, charged: charged.filter((other) => other !== factor) };
    }
  }
  await recordMismatch(charged, attempt, dependencies);
  throw invalidCode();
}

/** A factor whose last attempt this was is disabled; otherwise one record tells of the failure. */
async function recordMismatch(
  charged: readonly TotpFactor[],
  attempt: CodeAttempt,
  dependencies: MatchDependencies,
): Promise<void> {
  const exhausted = charged.filter(isExhausted);
  await disableExhausted(exhausted, attempt, dependencies);
  if (exhausted.length > 0) return;
  const { manufacturerId, memberId, requestId } = attempt;
  await dependencies.recordFailure({
    manufacturerId,
    subjectId: memberId,
    action: "mfa.otp.refused",
    requestId,
    timeMs: dependencies.now(),
    details: { factorIds: charged.map(({ factorId }) => factorId) },
  });
}

/** Has each factor's item say that it is disabled; the member is told by the record of it. */
async function disableExhausted(
  exhausted: readonly TotpFactor[],
  { manufacturerId, memberId, requestId }: CodeAttempt,
  { factors, now }: MatchDependencies,
): Promise<void> {
  for (const { factorId, label } of exhausted) {
    await factors.disable(
      { memberId, factorId },
      {
        manufacturerId,
        subjectId: memberId,
        action: "mfa.factor.disabled",
        outcome: "failure",
        requestId,
        timeMs: now(),
        details: { factorId, label },
      },
    );
  }
}

/** Factors without attempts whose items do not say so: what used up the last one got no further. */
const refusedAsExhausted = (charges: readonly Charge[]): TotpFactor[] =>
  charges.flatMap((charge) =>
    !charge.charged && charge.reason === "disabled" && charge.item?.["status"] === "active"
      ? [charge.item as unknown as TotpFactor]
      : [],
  );

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
