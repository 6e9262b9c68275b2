import type { Role } from "../access/policy.ts";
import { assignableRoles, ranksAtLeast } from "../access/rank.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import { hourEndMs } from "../aws/period-budget.ts";
import type { Clock } from "../clock.ts";
import type { Caller, OperationRequest } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import { hashEmail, normalizeEmail } from "./email-address.ts";
import type { InvitationStore, InvitedMember } from "./invitation-store.ts";
import { invitationStatements } from "./invitation-store.ts";
import type { createMemberRoute } from "./member-api.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "./ticket.ts";

export interface CreateMemberDependencies {
  invitations: InvitationStore;
  secret: ReadSecret;
  now: Clock;
}

/**
 * Invites a member. The link goes to the address alone, so that no administrator ever knows it; an
 * address that belongs to another manufacturer's account is found out only by whoever follows the link.
 *
 * @throws Problem `role-above-own`, `already-invited`, `already-a-member`, `too-many-mails`, `too-many-invitations`, `contention`
 */
export async function createMember(
  { body, caller, origin }: OperationRequest<typeof createMemberRoute>,
  { invitations, secret, now }: CreateMemberDependencies,
): Promise<{ memberId: string }> {
  assertGrantable(body.role, caller);
  const [lookupKey, ticketKey] = await Promise.all([secret("email-lookup"), secret("ticket")]);
  const timeMs = now();
  const { manufacturerId } = caller;
  const expiresAtMs = timeMs + ticketLifetimeMs.invitation;
  const member: InvitedMember = {
    manufacturerId,
    memberId: newId("member"),
    name: body.name,
    email: normalizeEmail(body.email),
    emailHash: hashEmail(body.email, lookupKey),
    roles: [body.role],
    status: "invited",
    createdAtMs: timeMs,
    sessionsValidFromMs: timeMs,
    endedSessions: {},
    invitedBy: caller.memberId,
    invitedAtMs: timeMs,
    invitationExpiresAtMs: expiresAtMs,
  };
  const ticketId = newTicketId(ticketKey);
  const content = {
    ticketId,
    kind: "invitation" as const,
    email: member.email,
    expiresAtMs,
    manufacturerId,
    memberId: member.memberId,
  };
  const outcome = await invitations.inviteMember(
    caller,
    member,
    { token: ticketToken(ticketId, ticketKey), content },
    {
      manufacturerId,
      actorId: caller.memberId,
      subjectId: member.memberId,
      action: "accounts.member.invited",
      outcome: "success",
      origin,
      timeMs,
      details: { ticketId, role: body.role },
    },
  );
  if (outcome.committed) return { memberId: member.memberId };
  throw refusedInvitation(outcome.failed, timeMs);
}

function refusedInvitation(
  failed: ReadonlyMap<number, Record<string, unknown> | undefined>,
  nowMs: number,
): Problem {
  const { address, login } = invitationStatements.first;
  if (failed.has(address)) {
    return new Problem("already-invited", {
      detail: "To invite the address anew, first withdraw the invitation by removing the member.",
      extra: { memberId: failed.get(address)?.["invitedMemberId"] },
    });
  }
  if (failed.has(login)) return new Problem("already-a-member");
  return overBudget(failed, nowMs);
}

/** 429: a budget for this hour is used up. */
const overBudget = (failed: ReadonlyMap<number, unknown>, nowMs: number): Problem =>
  failed.has(invitationStatements.send.invitations) ? tooManyInvitations(nowMs) : tooManyMails();

/** 429 until the hour is over. */
const tooManyInvitations = (nowMs: number): Problem =>
  new Problem("too-many-invitations", {
    detail: "Go on inviting in the next hour.",
    headers: { "retry-after": String(Math.ceil((hourEndMs(nowMs) - nowMs) / 1000)) },
  });

/** @throws Problem `role-above-own`; `invalid-request` for a role that the manufacturer does not have */
export function assertGrantable(role: Role, caller: Caller): void {
  if (!assignableRoles(caller.manufacturerId).includes(role)) {
    throw invalidRequest([{ pointer: "/body/role", code: "not-allowed" }]);
  }
  if (!ranksAtLeast(caller.roles, [role])) throw new Problem("role-above-own");
}

export const tooManyMails = (): Problem =>
  new Problem("too-many-mails", {
    detail: "Try again in an hour.",
    headers: { "retry-after": "3600" },
  });
