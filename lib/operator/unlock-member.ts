import type { AccountStore, Member } from "../accounts/store.ts";
import type { AuditEntry } from "../audit/record.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { TotpFactor } from "../mfa/factor.ts";
import { isExhausted } from "../mfa/factor.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import { deleteFactor } from "../mfa/factor-store.ts";
import type { MemberChange } from "../mfa/member-statement.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { noSecondFactors } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { unlockMemberRoute } from "./api.ts";
import type { OperatorStore } from "./store.ts";

export interface UnlockMemberDependencies {
  operators: OperatorStore;
  factors: Pick<FactorStore, "listFactors" | "listKeys">;
  readMember: AccountStore["readMember"];
  identityTable: string;
  now: Clock;
}

/** What an unlock changes besides the password. */
interface FactorChange {
  removedFactorIds: string[];
  secondFactors?: MemberChange["secondFactors"];
  statements: readonly Statement[];
  entry?: Pick<AuditEntry, "action" | "details">;
}

/**
 * Lets a member in again whose password or factor was guessed at, and gives nothing to who guessed: the
 * password, every session, every reset link and every known device are void, and the member chooses a
 * new password by a link that is e-mailed. A second factor stays demanded; an app that is out of
 * attempts is taken away only where another one works.
 *
 * With `secondFactors=all` apps, devices and backup codes are taken away too, and the next session can
 * do nothing but bind an app: for a member whom the operator has identified anew by other means
 * (SP 800-63B-4 section 4.2.2.2). No secret passes through the operator's hands. The records stand in
 * the member's own manufacturer.
 *
 * @throws Problem `not-found`, `contention`
 */
export async function unlockMember(
  { params, query, caller, origin }: OperationRequest<typeof unlockMemberRoute>,
  dependencies: UnlockMemberDependencies,
): Promise<{ memberId: string; status: "unlocked"; removedFactorIds: string[] }> {
  const { operators, factors, readMember, identityTable, now } = dependencies;
  const memberId = params.id;
  const manufacturerId = await operators.findManufacturerOf(memberId);
  if (manufacturerId === undefined) throw new Problem("not-found");
  const member = await readMember(manufacturerId, memberId);
  if (member?.status !== "active") throw new Problem("not-found");
  const held = await factors.listFactors(memberId);
  const { removedFactorIds, secondFactors, statements, entry } =
    query.secondFactors === "all"
      ? removeAll(
          identityTable,
          member,
          held,
          await factors.listKeys(memberId, identityKeys.backupCodePrefix),
        )
      : removeExhausted(identityTable, member, held);
  const timeMs = now();
  const common = {
    manufacturerId: member.manufacturerId,
    actorId: caller.memberId,
    subjectId: memberId,
    outcome: "success" as const,
    origin,
    timeMs,
  };
  const outcome = await operators.unlock(
    member,
    [
      changeMember(
        identityTable,
        member,
        { passwordVoided: true, ...(secondFactors && { secondFactors }) },
        { provenAtMs: timeMs, nowMs: timeMs },
      ),
      ...statements,
    ],
    [{ ...common, action: "auth.password.unlocked" }, ...(entry ? [{ ...common, ...entry }] : [])],
  );
  if (outcome.committed) return { memberId, status: "unlocked", removedFactorIds };
  throw new Problem(outcome.failed.has(0) ? "not-found" : "contention");
}

/** Apps that are out of attempts, if one that is not is left: the demand of a second factor stays. */
function removeExhausted(
  table: string,
  { memberId, secondFactors: seen }: Member,
  held: readonly TotpFactor[],
): FactorChange {
  const exhausted = held.filter(isExhausted);
  if (!seen || exhausted.length === 0 || exhausted.length === held.length) {
    return { removedFactorIds: [], statements: [] };
  }
  const removedFactorIds = exhausted.map(({ factorId }) => factorId);
  const totpFactorIds = seen.totpFactorIds.filter((id) => !removedFactorIds.includes(id));
  return {
    removedFactorIds,
    secondFactors: { seen, next: { ...seen, totpFactorIds } },
    statements: removedFactorIds.map((factorId) => deleteFactor(table, { memberId, factorId })),
    entry: { action: "mfa.factor.unlocked", details: { factorIds: removedFactorIds } },
  };
}

/** Everything that could stand in for a second factor. */
function removeAll(
  table: string,
  { memberId, secondFactors }: Member,
  held: readonly TotpFactor[],
  backupCodes: readonly ItemKey[],
): FactorChange {
  const seen = secondFactors ?? noSecondFactors;
  const removedFactorIds = held.map(({ factorId }) => factorId);
  const devices = seen.deviceIds.map((deviceId) => identityKeys.device(memberId, deviceId));
  return {
    removedFactorIds,
    secondFactors: {
      seen: secondFactors,
      next: {
        ...noSecondFactors,
        backupCodeGeneration: seen.backupCodeGeneration + 1,
        mustRebind: true,
      },
    },
    statements: [
      ...removedFactorIds.map((factorId) => deleteFactor(table, { memberId, factorId })),
      ...[...devices, ...backupCodes].map((Key) => ({ Delete: { TableName: table, Key } })),
    ],
    entry: {
      action: "mfa.factors.removed-by-operator",
      details: {
        factorIds: removedFactorIds,
        deviceIds: seen.deviceIds,
        backupCodes: seen.backupCodesLeft,
      },
    },
  };
}
