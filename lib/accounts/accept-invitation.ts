import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "../auth/password-policy.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { acceptInvitationRoute } from "./member-api.ts";
import type { MemberStore } from "./member-store.ts";
import { statements } from "./member-store.ts";
import type { AccountStore } from "./store.ts";
import { isTicketKeyAccepted } from "./ticket.ts";

export interface AcceptInvitationDependencies extends PasswordDependencies {
  accounts: AccountStore;
  members: MemberStore;
  now: Clock;
}

/**
 * Follows an invitation's link, once: sets the member's first password and activates the member.
 *
 * @throws Problem `invalid-ticket`; `email-taken` when the address signs in to another account;
 * `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function acceptInvitation(
  { body, origin }: OperationRequest<typeof acceptInvitationRoute>,
  dependencies: AcceptInvitationDependencies,
): Promise<{ manufacturerId: string; memberId: string }> {
  const { accounts, members, secret, now } = dependencies;
  const isAccepted = await isTicketKeyAccepted(body.token, secret);
  const ticket = isAccepted ? await accounts.readTicket(body.token) : undefined;
  if (ticket?.kind !== "invitation" || ticket.redeemedAtMs || ticket.expiresAtMs <= now()) {
    throw new Problem("invalid-ticket", { detail: "Ask for a new invitation." });
  }
  const { manufacturerId, memberId } = ticket;
  const [member, profile] = await Promise.all([
    accounts.readMember(manufacturerId, memberId),
    accounts.readProfile(manufacturerId),
  ]);
  if (member?.status !== "invited") throw new Problem("invalid-ticket");
  await assertAcceptablePassword(body.password, {
    hasSecondFactor: false,
    words: [member.name, member.email, profile?.legalName ?? ""],
  });
  const passwordHash = await hashNewPassword(body.password, dependencies);
  const outcome = await members.acceptInvitation(
    body.token,
    member,
    { passwordHash, isLongPassword: isLongEnoughAlone(body.password) },
    {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "accounts.member.joined",
      outcome: "success",
      origin,
      timeMs: now(),
    },
  );
  if (outcome.committed) return { manufacturerId, memberId };
  throw outcome.failed.has(statements.accept.ticket)
    ? new Problem("invalid-ticket")
    : new Problem(outcome.failed.has(statements.accept.login) ? "email-taken" : "invalid-ticket");
}
