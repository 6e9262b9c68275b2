import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import type { Actor } from "../access/actor-condition.ts";
import { assertPermission } from "../access/authenticate.ts";
import type { AccountStore } from "../accounts/store.ts";
import { auditPut } from "../audit/record.ts";
import { forgettableSessions } from "../auth/end-session.ts";
import { endIfAlive, sessionsToEnd } from "../auth/other-sessions.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { SessionStore } from "../auth/session-store.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { removeFactorRoute } from "./api.ts";
import { notMeTicket } from "./factor-change.ts";
import { shelveFactor } from "./factor-statements.ts";
import type { FactorStore } from "./factor-store.ts";
import { changeMember } from "./member-statement.ts";
import type { SecondFactors } from "./second-factors.ts";

export interface RemoveFactorDependencies {
  factors: FactorStore;
  sessions: SessionStore;
  accessItem: ReadAccessItem;
  readMember: AccountStore["readMember"];
  secret: ReadSecret;
  tables: { identity: string; audit: string };
  commitAs: (actor: Actor, statements: readonly Statement[]) => Promise<Outcome>;
  now: Clock;
}

/**
 * Removes an authenticator app. With the last one, which a policy or a short password may forbid, the
 * backup codes and trusted devices go as well, for nothing asks for them any more. One that was set up
 * and never confirmed is forgotten at once.
 *
 * @throws Problem `not-found`, `second-factor-needed`, `contention`
 */
export async function removeFactor(
  { params, query, caller, origin }: OperationRequest<typeof removeFactorRoute>,
  dependencies: RemoveFactorDependencies,
): Promise<undefined> {
  const { factors, accessItem, tables, commitAs, sessions, secret, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, false);
  const seen = item?.secondFactors;
  const { factorId } = params;
  if (!item || !seen?.totpFactorIds.includes(factorId)) {
    if (await factors.dropPending(caller, factorId)) return;
    throw new Problem("not-found");
  }
  // What is bound takes more than what is only set up.
  assertPermission(caller, "factors:write", now);
  const isLast = seen.totpFactorIds.length === 1;
  if (isLast && demandsFactor(item)) throw stillNeeded("The policy demands a second factor.");
  const nowMs = now();
  const endedSessionIds = await sessionsToEnd(
    caller,
    {
      validFromMs: item.sessionsValidFromMs,
      keepOthers: query.endOtherSessions === "false",
      deviceIds: isLast ? seen.deviceIds : [],
    },
    sessions,
  );
  const last = isLast ? await removeAll(seen, memberId, dependencies, manufacturerId) : undefined;
  const next = last?.next ?? {
    ...seen,
    totpFactorIds: seen.totpFactorIds.filter((factorId) => factorId !== params.factorId),
  };
  const link = notMeTicket(
    tables.identity,
    caller,
    { kind: "factor-removed", factorId },
    { ticketKey: await secret("ticket"), nowMs },
  );
  const outcome = await commitAs(caller, [
    changeMember(
      tables.identity,
      caller,
      {
        secondFactors: { seen, next },
        endedSessionIds,
        forgottenSessionIds: forgettableSessions(item, nowMs),
      },
      { provenAtMs: caller.sessionStartedAtMs, nowMs },
    ),
    shelveFactor(tables.identity, { memberId, factorId }, nowMs),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "mfa.factor.removed",
      outcome: "success",
      origin,
      timeMs: nowMs,
      details: { factorId, wasLast: isLast, ticketId: link.ticketId },
    }),
    link.statement,
    ...endedSessionIds.map((id) => endIfAlive(tables.identity, memberId, id, nowMs)),
    ...(last?.statements ?? []),
  ]);
  if (outcome.committed) return;
  if (outcome.failed.has(0) || outcome.failed.has(1)) throw new Problem("contention");
  throw isLast ? stillNeeded("Set a password of at least 15 characters first.") : contention();
}

const contention = (): Problem => new Problem("contention");

/** What leaves with the last factor, if the password alone is long enough to stay. */
async function removeAll(
  seen: SecondFactors,
  memberId: string,
  { factors, readMember, tables }: RemoveFactorDependencies,
  manufacturerId: string,
): Promise<{ next: SecondFactors; statements: Statement[] }> {
  const [member, codes] = await Promise.all([
    readMember(manufacturerId, memberId),
    factors.listKeys(memberId, identityKeys.backupCodePrefix),
  ]);
  if (!member) throw new Problem("not-found");
  const devices = seen.deviceIds.map((deviceId) => identityKeys.device(memberId, deviceId));
  return {
    next: {
      totpFactorIds: [],
      deviceIds: [],
      backupCodeGeneration: seen.backupCodeGeneration + 1,
      backupCodesLeft: 0,
      mustRebind: false,
    },
    statements: [
      {
        ConditionCheck: {
          TableName: tables.identity,
          Key: identityKeys.login(member.emailHash),
          ConditionExpression: "isLongPassword = :true",
          ExpressionAttributeValues: { ":true": true },
        },
      },
      ...[...devices, ...codes].map((Key) => ({ Delete: { TableName: tables.identity, Key } })),
    ],
  };
}

const demandsFactor = ({ roles, secondFactorRequiredFor }: AccessItem): boolean =>
  roles.some((role) => role === "operator" || secondFactorRequiredFor.includes(role));

const stillNeeded = (detail: string): Problem => new Problem("second-factor-needed", { detail });
