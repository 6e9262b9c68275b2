import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import { auditPut } from "../audit/record.ts";
import { sessionsToEnd } from "../auth/other-sessions.ts";
import type { Tokens } from "../auth/session.ts";
import { issueTokens } from "../auth/session.ts";
import type { SessionStore } from "../auth/session-store.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { confirmTotpRoute } from "./api.ts";
import { backupCodeCount, newBackupCodes, putBackupCode } from "./backup-codes.ts";
import type { TotpFactor } from "./factor.ts";
import { notMeTicket } from "./factor-change.ts";
import { activateFactor, shelveFactor } from "./factor-statements.ts";
import type { MatchDependencies, TotpMatch } from "./match-totp.ts";
import { matchTotp, useMatch } from "./match-totp.ts";
import type { RenewDependencies } from "./renew-session.ts";
import { renewSession } from "./renew-session.ts";
import type { SecondFactors } from "./second-factors.ts";
import { noSecondFactors } from "./second-factors.ts";
import { assertMayBind } from "./setup-mfa.ts";

export interface ConfirmTotpDependencies extends MatchDependencies, RenewDependencies {
  accessItem: ReadAccessItem;
  sessions: SessionStore;
}

/**
 * Binds a pending authenticator app by its first code. Factor, summary, replaced factor, the new
 * session at `aal2` and the backup codes shown in it are one transaction; the code's time step is
 * used, so that it cannot sign in as well.
 *
 * @throws Problem `invalid-code`, `not-found` (not the caller's, or not pending), `too-many-attempts`,
 * `factor-disabled`, `too-many-factors`, `contention`
 */
export async function confirmTotp(
  { params, body, caller, origin }: OperationRequest<typeof confirmTotpRoute>,
  dependencies: ConfirmTotpDependencies,
): Promise<Tokens & { backupCodes: string[] }> {
  const { manufacturerId, memberId } = caller;
  const item = await dependencies.accessItem(manufacturerId, memberId, false);
  if (!item) throw new Problem("not-found");
  const match = await matchTotp(
    {
      manufacturerId,
      memberId,
      factorIds: [params.factorId],
      code: body.code,
      origin,
      status: "pending",
    },
    dependencies,
  );
  return useMatch(match, () => bind(match, item, { body, caller, origin }, dependencies));
}

async function bind(
  { factor, step }: TotpMatch,
  item: AccessItem,
  {
    body,
    caller,
    origin,
  }: Pick<OperationRequest<typeof confirmTotpRoute>, "body" | "caller" | "origin">,
  dependencies: ConfirmTotpDependencies,
): Promise<Tokens & { backupCodes: string[] }> {
  const { tables, commitAs, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const seen = item.secondFactors;
  assertMayBind(caller, seen, factor.replacesFactorId, now);
  const backupCodes = (seen?.backupCodesLeft ?? 0) > 0 ? [] : newBackupCodes();
  const next = boundWith(factor, seen, backupCodes.length > 0);
  const { session, statements } = renewSession(
    tables.identity,
    caller,
    item,
    {
      origin,
      secondFactors: { seen, next },
      otherSessionIds: await sessionsToEnd(
        caller,
        {
          validFromMs: item.sessionsValidFromMs,
          keepOthers: body.endOtherSessions === false,
        },
        dependencies.sessions,
      ),
    },
    dependencies,
  );
  const link = notMeTicket(
    tables.identity,
    caller,
    {
      kind: "factor-bound",
      factorId: factor.factorId,
      replacedFactorId: factor.replacesFactorId,
      backupCodeGeneration: backupCodes.length > 0 ? next.backupCodeGeneration : undefined,
    },
    { ticketKey: await dependencies.secret("ticket"), nowMs: session.startedAtMs },
  );
  const outcome = await commitAs(caller, [
    activateFactor(tables.identity, factor, step, session.startedAtMs),
    ...statements,
    ...replacement(tables.identity, factor, session.startedAtMs),
    link.statement,
    ...(await removeOldCodes(backupCodes, memberId, dependencies)),
    ...backupCodes.map((code) =>
      putBackupCode(tables.identity, memberId, next.backupCodeGeneration, code),
    ),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "mfa.factor.bound",
      outcome: "success",
      origin,
      timeMs: session.startedAtMs,
      details: {
        factorId: factor.factorId,
        kind: factor.kind,
        ticketId: link.ticketId,
        backupCodes: backupCodes.length,
        ...(factor.replacesFactorId && { replacedFactorId: factor.replacesFactorId }),
      },
    }),
  ]);
  if (!outcome.committed) throw new Problem("contention");
  return { ...(await issueTokens(session, item.roles, dependencies)), backupCodes };
}

function boundWith(
  { factorId, replacesFactorId }: TotpFactor,
  seen: SecondFactors = noSecondFactors,
  hasNewCodes: boolean,
): SecondFactors {
  return {
    ...seen,
    totpFactorIds: [...seen.totpFactorIds.filter((id) => id !== replacesFactorId), factorId],
    mustRebind: false,
    ...(hasNewCodes && {
      backupCodeGeneration: seen.backupCodeGeneration + 1,
      backupCodesLeft: backupCodeCount,
    }),
  };
}

const replacement = (
  table: string,
  { memberId, replacesFactorId }: TotpFactor,
  nowMs: number,
): readonly Statement[] =>
  replacesFactorId === undefined
    ? []
    : [shelveFactor(table, { memberId, factorId: replacesFactorId }, nowMs)];

/** Dead codes leave when new ones come. */
async function removeOldCodes(
  newCodes: readonly string[],
  memberId: string,
  { factors, tables }: ConfirmTotpDependencies,
): Promise<Statement[]> {
  if (newCodes.length === 0) return [];
  const keys = await factors.listKeys(memberId, identityKeys.backupCodePrefix);
  return keys.map((Key) => ({ Delete: { TableName: tables.identity, Key } }));
}
