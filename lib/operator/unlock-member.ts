import type { AccountStore, Member } from "../accounts/store.ts";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { TotpFactor } from "../mfa/factor.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import { deleteFactor } from "../mfa/factor-store.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { noSecondFactors } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { unlockMemberRoute } from "./api.ts";
import type { OperatorStore } from "./store.ts";

export interface UnlockMemberDependencies {
  operators: OperatorStore;
  factors: Pick<FactorStore, "listFactors">;
  readMember: AccountStore["readMember"];
  identityTable: string;
  now: Clock;
}

/**
 * Gives a member's password its attempts back; it stays the same password. Factors that guesses have
 * disabled are taken away: where none is left, the next session can do nothing but bind a new one. The
 * operator has proven who the member is before (SP 800-63B-4 section 4.2.2.2), and no secret passes
 * through the operator's hands. The records stand in the member's own manufacturer.
 *
 * @throws Problem `not-found`, `contention`
 */
export async function unlockMember(
  { params, caller, requestId }: OperationRequest<typeof unlockMemberRoute>,
  { operators, factors, readMember, identityTable, now }: UnlockMemberDependencies,
): Promise<{ memberId: string; status: "unlocked"; removedFactorIds: string[] }> {
  const memberId = params.id;
  const manufacturerId = await operators.findManufacturerOf(memberId);
  const member = manufacturerId && (await readMember(manufacturerId, memberId));
  if (!member || member.status === "removed") throw new Problem("not-found");
  const held = await factors.listFactors(memberId);
  const disabled = held.filter(({ status }) => status === "disabled");
  const timeMs = now();
  const entry = {
    manufacturerId: member.manufacturerId,
    actorId: caller.memberId,
    subjectId: memberId,
    outcome: "success" as const,
    requestId,
    timeMs,
  };
  const removedFactorIds = disabled.map(({ factorId }) => factorId);
  const outcome = await operators.unlock(
    member.emailHash,
    disabled.length === 0 ? [] : removeDisabled(identityTable, member, disabled, timeMs),
    [
      { ...entry, action: "auth.password.unlocked" },
      ...(disabled.length === 0
        ? []
        : [{ ...entry, action: "mfa.factor.unlocked", details: { factorIds: removedFactorIds } }]),
    ],
  );
  if (outcome.committed) return { memberId, status: "unlocked", removedFactorIds };
  throw new Problem(outcome.failed.has(0) ? "not-found" : "contention");
}

function removeDisabled(
  table: string,
  member: Member,
  disabled: readonly TotpFactor[],
  nowMs: number,
): Statement[] {
  const seen = member.secondFactors;
  const totpFactorIds = (seen?.totpFactorIds ?? []).filter(
    (factorId) => !disabled.some((factor) => factor.factorId === factorId),
  );
  const next = {
    ...(seen ?? noSecondFactors),
    totpFactorIds,
    mustRebind: totpFactorIds.length === 0,
  };
  return [
    changeMember(table, member, { secondFactors: { seen, next } }, { provenAtMs: nowMs, nowMs }),
    ...disabled.map((factor) => deleteFactor(table, factor)),
  ];
}
