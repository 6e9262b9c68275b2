import type { AccountStore } from "../accounts/store.ts";
import { isTicketKeyAccepted } from "../accounts/ticket.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { hasTotpFactor } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { PasswordDependencies } from "./compare-password.ts";
import { hashNewPassword } from "./compare-password.ts";
import type { resetPasswordRoute } from "./password-api.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "./password-policy.ts";
import type { SessionStore } from "./session-store.ts";

export interface ResetPasswordDependencies extends PasswordDependencies {
  accounts: AccountStore;
  sessions: SessionStore;
  now: Clock;
}

/**
 * Sets a new password by a link, once. Every session ends, every other link is void, and no token is
 * answered: the member signs in, with a second factor where one is bound (ASVS 6.4.3).
 *
 * @throws Problem `invalid-ticket`, `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function resetPassword(
  { body, origin }: OperationRequest<typeof resetPasswordRoute>,
  dependencies: ResetPasswordDependencies,
): Promise<{ status: "password-set" }> {
  const { accounts, sessions, secret, now } = dependencies;
  const isAccepted = await isTicketKeyAccepted(body.token, secret);
  const ticket = isAccepted ? await accounts.readTicket(body.token) : undefined;
  if (ticket?.kind !== "password-reset" || ticket.redeemedAtMs || ticket.expiresAtMs <= now()) {
    throw new Problem("invalid-ticket", { detail: "Ask for a new link." });
  }
  const { manufacturerId, memberId } = ticket;
  const [member, profile] = await Promise.all([
    accounts.readMember(manufacturerId, memberId),
    accounts.readProfile(manufacturerId),
  ]);
  const { passwordVersion = 0 } = ticket;
  if (member?.status !== "active" || (member.passwordVersion ?? 0) !== passwordVersion) {
    throw new Problem("invalid-ticket", { detail: "Ask for a new link." });
  }
  await assertAcceptablePassword(body.password, {
    hasSecondFactor: hasTotpFactor(member.secondFactors),
    words: [member.name, member.email, profile?.legalName ?? ""],
  });
  const outcome = await sessions.setPassword(
    member,
    {
      passwordHash: await hashNewPassword(body.password, dependencies),
      isLongPassword: isLongEnoughAlone(body.password),
    },
    { ticketToken: body.token, passwordVersion },
    {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "auth.password.reset",
      outcome: "success",
      origin,
      timeMs: now(),
    },
  );
  if (!outcome.committed) throw new Problem("invalid-ticket");
  return { status: "password-set" };
}
