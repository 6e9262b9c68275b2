import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "../auth/password-policy.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { InvitationStore } from "./invitation-store.ts";
import { invitationStatements } from "./invitation-store.ts";
import type { acceptInvitationRoute } from "./member-api.ts";
import type { AccountStore } from "./store.ts";
import { isTicketKeyAccepted } from "./ticket.ts";

export interface AcceptInvitationDependencies extends PasswordDependencies {
  accounts: AccountStore;
  invitations: InvitationStore;
  now: Clock;
}

/**
 * Follows an invitation's link, once: sets the member's first password and activates the member, if
 * whoever stands for the invitation may still give that role.
 *
 * @throws Problem `invalid-ticket`; `email-taken` when the address signs in to another account;
 * `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function acceptInvitation(
  { body, origin }: OperationRequest<typeof acceptInvitationRoute>,
  dependencies: AcceptInvitationDependencies,
): Promise<{ manufacturerId: string; memberId: string }> {
  const { accounts, invitations, secret, now } = dependencies;
  const isAccepted = await isTicketKeyAccepted(body.token, secret);
  const ticket = isAccepted ? await accounts.readTicket(body.token) : undefined;
  if (ticket?.kind !== "invitation" || ticket.redeemedAtMs || ticket.expiresAtMs <= now()) {
    throw invalidInvitation();
  }
  const { manufacturerId, memberId } = ticket;
  const [member, profile] = await Promise.all([
    accounts.readMember(manufacturerId, memberId),
    accounts.readProfile(manufacturerId),
  ]);
  const { invitedBy, invitedAtMs } = member ?? {};
  // An invitation that nobody stands for is none.
  if (member?.status !== "invited" || invitedBy === undefined || invitedAtMs === undefined) {
    throw invalidInvitation();
  }
  await assertAcceptablePassword(body.password, {
    hasSecondFactor: false,
    words: [member.name, member.email, profile?.legalName ?? ""],
  });
  const passwordHash = await hashNewPassword(body.password, dependencies);
  const outcome = await invitations.acceptInvitation(
    body.token,
    { ...member, invitedBy, invitedAtMs, invitationExpiresAtMs: ticket.expiresAtMs },
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
  const { ticket: used, login } = invitationStatements.accept;
  const isTaken = !outcome.failed.has(used) && outcome.failed.has(login);
  throw isTaken ? new Problem("email-taken") : invalidInvitation();
}

const invalidInvitation = (): Problem =>
  new Problem("invalid-ticket", { detail: "Ask for a new invitation." });
