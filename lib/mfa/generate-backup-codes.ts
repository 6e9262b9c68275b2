import type { ReadAccessItem } from "../access/access-item.ts";
import type { Actor } from "../access/actor-condition.ts";
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
import type { generateBackupCodesRoute } from "./api.ts";
import { newBackupCodes, putBackupCode } from "./backup-codes.ts";
import { notMeTicket } from "./factor-change.ts";
import type { FactorStore } from "./factor-store.ts";
import { changeMember } from "./member-statement.ts";
import { hasTotpFactor } from "./second-factors.ts";

export interface GenerateBackupCodesDependencies {
  factors: FactorStore;
  sessions: SessionStore;
  secret: ReadSecret;
  accessItem: ReadAccessItem;
  tables: { identity: string; audit: string };
  commitAs: (actor: Actor, statements: readonly Statement[]) => Promise<Outcome>;
  now: Clock;
}

/**
 * Makes ten new backup codes and shows them once. The generation moves on in the same transaction,
 * so that the old set is dead at the very moment the new one lives.
 *
 * @throws Problem `second-factor-needed` where no authenticator app is bound, `contention`
 */
export async function generateBackupCodes(
  { query, caller, origin }: OperationRequest<typeof generateBackupCodesRoute>,
  { factors, sessions, accessItem, secret, tables, commitAs, now }: GenerateBackupCodesDependencies,
): Promise<{ backupCodes: string[] }> {
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, false);
  const seen = item?.secondFactors;
  if (!item || !seen || !hasTotpFactor(seen)) throw new Problem("second-factor-needed");
  const backupCodes = newBackupCodes();
  const next = {
    ...seen,
    backupCodeGeneration: seen.backupCodeGeneration + 1,
    backupCodesLeft: backupCodes.length,
  };
  const nowMs = now();
  const endedSessionIds = await sessionsToEnd(
    caller,
    {
      validFromMs: item.sessionsValidFromMs,
      keepOthers: query.endOtherSessions === "false",
    },
    sessions,
  );
  const old = await factors.listKeys(memberId, identityKeys.backupCodePrefix);
  const link = notMeTicket(
    tables.identity,
    caller,
    { kind: "backup-codes-generated", backupCodeGeneration: next.backupCodeGeneration },
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
    ...old.map((Key) => ({ Delete: { TableName: tables.identity, Key } })),
    ...backupCodes.map((code) =>
      putBackupCode(tables.identity, memberId, next.backupCodeGeneration, code),
    ),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "mfa.backup-codes.generated",
      outcome: "success",
      origin,
      timeMs: nowMs,
      details: { ticketId: link.ticketId },
    }),
    link.statement,
    ...endedSessionIds.map((id) => endIfAlive(tables.identity, memberId, id, nowMs)),
  ]);
  if (!outcome.committed) throw new Problem("contention");
  return { backupCodes };
}
