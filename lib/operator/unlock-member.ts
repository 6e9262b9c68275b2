import type { AccountStore, Member } from "../accounts/store.ts";
import type { AuditEntry } from "../audit/record.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { TotpFactor } from "../mfa/factor.ts";
import { isExhausted } from "../mfa/factor.ts";
import { deleteFactor } from "../mfa/factor-statements.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import type { MemberChange } from "../mfa/member-statement.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { noSecondFactors } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { unlockMemberRoute } from "./api.ts";
import { approveUnlock } from "./second-operator.ts";
import type { OperatorStore } from "./store.ts";

export interface UnlockMemberDependencies {
  operators: OperatorStore;
  factors: Pick<FactorStore, "listFactors" | "listKeys">;
  readMember: AccountStore["readMember"];
  identityTable: string;
  now: Clock;
}

/** Behind the password, the member and the request: whether who asked is an operator still. */
const indexOfRequester = 3;

interface Unlock {
  memberId: string;
  status: "unlocked" | "awaiting-approval";
  removedFactorIds: string[];
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
 * (SP 800-63B-4 section 4.2.2.2). That takes two operators: the first call asks, the same call of
 * another operator within 24 hours does it, and the owners of the manufacturer are told of both. Nobody
 * unlocks themselves. No secret passes through the operator's hands. The records stand in
 * the member's own manufacturer.
 *
 * @throws Problem `not-found`, `another-operator-needed`, `contention`
 */
export async function unlockMember(
  { params, query, caller, origin }: OperationRequest<typeof unlockMemberRoute>,
  dependencies: UnlockMemberDependencies,
): Promise<Unlock> {
  const { operators, factors, readMember, identityTable, now } = dependencies;
  const memberId = params.id;
  if (memberId === caller.memberId) throw new Problem("another-operator-needed");
  const manufacturerId = await operators.findManufacturerOf(memberId);
  if (manufacturerId === undefined) throw new Problem("not-found");
  const member = await readMember(manufacturerId, memberId);
  if (member?.status !== "active") throw new Problem("not-found");
  const timeMs = now();
  const removesAll = query.secondFactors === "all";
  const open = removesAll ? await operators.readUnlockRequest(memberId, timeMs) : undefined;
  const approval =
    open && open.requestedBy !== caller.memberId
      ? approveUnlock(identityTable, memberId, open, caller.memberId, timeMs)
      : [];
  if (removesAll && approval.length === 0) {
    return askForApproval(member, { caller, origin }, dependencies);
  }
  const held = await factors.listFactors(memberId);
  const { removedFactorIds, secondFactors, statements, entry } = removesAll
    ? removeAll(
        identityTable,
        member,
        held,
        await factors.listKeys(memberId, identityKeys.backupCodePrefix),
      )
    : removeExhausted(identityTable, member, held);
  const common = {
    manufacturerId: member.manufacturerId,
    actorId: caller.memberId,
    subjectId: memberId,
    outcome: "success" as const,
    origin,
    timeMs,
  };
  const outcome = await operators.unlock(
    caller,
    member,
    [
      changeMember(
        identityTable,
        member,
        { passwordVoided: true, ...(secondFactors && { secondFactors }) },
        { provenAtMs: timeMs, nowMs: timeMs },
      ),
      ...approval,
      ...statements,
    ],
    [
      { ...common, action: "auth.password.unlocked" },
      ...(entry ? [{ ...common, ...entry }] : []),
      ...(removesAll
        ? [
            {
              ...common,
              action: "operator.second-factors.removed",
              details: { requestedBy: open?.requestedBy ?? "" },
            },
          ]
        : []),
    ],
  );
  if (outcome.committed) return { memberId, status: "unlocked", removedFactorIds };
  if (approval.length > 0 && outcome.failed.has(indexOfRequester)) {
    return askForApproval(member, { caller, origin, left: open?.requestedBy }, dependencies);
  }
  throw new Problem(outcome.failed.has(0) ? "not-found" : "contention");
}

/** Has the request wait for another operator; nothing of the member's changes. */
async function askForApproval(
  { manufacturerId, memberId }: Member,
  {
    caller,
    origin,
    left,
  }: Pick<OperationRequest<typeof unlockMemberRoute>, "caller" | "origin"> & {
    left?: string | undefined;
  },
  { operators, now }: UnlockMemberDependencies,
): Promise<Unlock> {
  const outcome = await operators.askForApproval(
    caller,
    { memberId, left },
    {
      manufacturerId,
      actorId: caller.memberId,
      subjectId: memberId,
      action: "operator.second-factors.removal-requested",
      outcome: "success",
      origin,
      timeMs: now(),
    },
  );
  if (!outcome.committed) throw new Problem("contention");
  return { memberId, status: "awaiting-approval", removedFactorIds: [] };
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
