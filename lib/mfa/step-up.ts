import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import type { Origin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";
import type { Tokens } from "../auth/session.ts";
import { issueTokens } from "../auth/session.ts";
import type { Caller, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { stepUpRoute } from "./api.ts";
import { returnCharge, useTimeStep } from "./factor-statements.ts";
import type { MatchDependencies, TotpMatch } from "./match-totp.ts";
import { invalidCode, matchTotp, useMatch } from "./match-totp.ts";
import { refuseReplay } from "./refuse-replay.ts";
import type { RenewDependencies } from "./renew-session.ts";
import { renewSession } from "./renew-session.ts";
import { hasTotpFactor } from "./second-factors.ts";

export interface StepUpDependencies extends MatchDependencies, RenewDependencies {
  accessItem: ReadAccessItem;
}

/**
 * Proves a second factor inside a session, for what needs `aal2` or a recent authentication. The
 * caller goes on in a new session; the old one ends with it.
 *
 * @throws Problem `invalid-code`, `too-many-attempts`, `factor-disabled`, `contention`
 */
export async function stepUp(
  { body, caller, origin }: OperationRequest<typeof stepUpRoute>,
  dependencies: StepUpDependencies,
): Promise<Tokens> {
  const { accessItem } = dependencies;
  const { manufacturerId, memberId } = caller;
  const cached = await accessItem(manufacturerId, memberId, false);
  // A factor that was bound a moment ago may not be in the cached item yet.
  const item = hasTotpFactor(cached?.secondFactors)
    ? cached
    : await accessItem(manufacturerId, memberId, true);
  if (!item) throw invalidCode();
  const match = await matchTotp(
    {
      manufacturerId,
      memberId,
      // One that is named is charged by its own item's condition, whatever the cache says.
      factorIds: body.factorId ? [body.factorId] : (item.secondFactors?.totpFactorIds ?? []),
      code: body.code,
      origin,
    },
    dependencies,
  );
  return useMatch(match, () => goOnStronger(match, item, { caller, origin }, dependencies));
}

/** The session that takes the place of the caller's. */
async function goOnStronger(
  { factor, step, otherCharges }: TotpMatch,
  item: AccessItem,
  { caller, origin }: { caller: Caller; origin: Origin },
  dependencies: StepUpDependencies,
): Promise<Tokens> {
  const { tables, commitAs } = dependencies;
  const { manufacturerId, memberId } = caller;
  const { session, statements } = renewSession(
    tables.identity,
    caller,
    item,
    { origin },
    dependencies,
  );
  const outcome = await commitAs(caller, [
    useTimeStep(tables.identity, factor, step),
    ...statements,
    ...otherCharges.map((charge) => returnCharge(tables.identity, charge)),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: session.sessionId,
      action: "auth.session.stepped-up",
      outcome: "success",
      origin,
      timeMs: session.startedAtMs,
      details: { amr: session.amr, factorId: factor.factorId },
    }),
  ]);
  if (outcome.committed) return issueTokens(session, item.roles, dependencies);
  if (!outcome.failed.has(0)) throw new Problem("contention");
  throw await refuseReplay(outcome.failed.get(0), { ...factor, step, origin }, dependencies);
}
