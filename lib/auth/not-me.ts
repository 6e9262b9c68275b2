import { newPasswordReset } from "../accounts/password-reset-ticket.ts";
import type { AccountStore } from "../accounts/store.ts";
import { isTicketKeyAccepted } from "../accounts/ticket.ts";
import { putTicket, redeemTicket } from "../accounts/ticket-store.ts";
import { auditPut } from "../audit/record.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import { changeMember } from "../mfa/member-statement.ts";
import { noSecondFactors } from "../mfa/second-factors.ts";
import { takeBack } from "../mfa/take-back.ts";
import { Problem } from "../problem.ts";
import { voidPassword } from "./login-statement.ts";
import type { notMeRoute } from "./password-api.ts";
import type { ReadSecret } from "./platform-secrets.ts";

export interface NotMeDependencies {
  accounts: Pick<AccountStore, "readTicket" | "readMember">;
  factors: Pick<FactorStore, "readFactor" | "listKeys">;
  secret: ReadSecret;
  tables: { identity: string; audit: string };
  commit: (statements: readonly Statement[]) => Promise<Outcome>;
  now: Clock;
}

/**
 * Follows the link of a mail about a change of factors that the member did not make. The change is
 * taken back, every session ends, the password is void and a reset link is on its way: all of it or
 * nothing, and once. Where somebody has changed that factor since, there is nothing to take back and
 * the rest happens all the same; the links of later changes stay good (SP 800-63B-4 section 4.6).
 *
 * @throws Problem `invalid-ticket` (used, expired, or of a member who is gone), `contention`
 */
export async function notMe(
  { body, origin }: OperationRequest<typeof notMeRoute>,
  { accounts, factors, secret, tables, commit, now }: NotMeDependencies,
): Promise<OperationBody<typeof notMeRoute>> {
  const nowMs = now();
  const ticketKey = await secret("ticket");
  const isAccepted = await isTicketKeyAccepted(body.token, secret);
  const ticket = isAccepted ? await accounts.readTicket(body.token) : undefined;
  const change = ticket?.change;
  if (ticket?.kind !== "not-me" || !change || ticket.redeemedAtMs || ticket.expiresAtMs <= nowMs) {
    throw usedUp();
  }
  const { manufacturerId, memberId, ticketId } = ticket;
  const member = await accounts.readMember(manufacturerId, memberId);
  if (member?.status !== "active") throw usedUp();
  const seen = member.secondFactors;
  const { reason, next, statements } = await takeBack(memberId, seen ?? noSecondFactors, change, {
    factors,
    table: tables.identity,
    nowMs,
  });
  // The link is for the password that comes to be by this very transaction: a void one.
  const passwordVersion = (member.passwordVersion ?? 0) + 1;
  const reset = newPasswordReset({ ...member, passwordVersion }, ticketKey, nowMs);
  const entry = { manufacturerId, subjectId: memberId, outcome: "success" as const, origin };
  const outcome = await commit([
    redeemTicket(tables.identity, body.token, "not-me", nowMs),
    changeMember(
      tables.identity,
      member,
      {
        passwordVoided: true,
        passwordVersion: passwordVersion - 1,
        ...(statements.length > 0 && { secondFactors: { seen, next } }),
      },
      { provenAtMs: nowMs, nowMs },
    ),
    voidPassword(tables.identity, member),
    ...statements,
    putTicket(tables.identity, reset),
    auditPut(tables.audit, {
      ...entry,
      action: "auth.change.repudiated",
      timeMs: nowMs,
      details: { ticketId, change: change.kind, takenBack: reason === undefined },
    }),
    auditPut(tables.audit, {
      ...entry,
      action: "auth.password.reset-requested",
      timeMs: nowMs,
      details: { ticketId: reset.content.ticketId },
    }),
  ]);
  if (!outcome.committed) throw outcome.failed.has(0) ? usedUp() : new Problem("contention");
  return {
    status: "account-secured",
    change: change.kind,
    takenBack: reason === undefined,
    ...(reason !== undefined && { reason }),
  };
}

const usedUp = (): Problem =>
  new Problem("invalid-ticket", {
    detail: "Each link is good once, for 72 hours. Reset the password if you still see a stranger.",
  });
