import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import { tooManyMails } from "./create-member.ts";
import { findMember } from "./find-member.ts";
import type { resetMemberRoute } from "./member-api.ts";
import { newPasswordReset } from "./password-reset-ticket.ts";
import type { AccountStore } from "./store.ts";

/**
 * Starts a password reset for a member, who alone is sent the link: an administrator never sets or
 * sees a secret (ASVS 6.4.6).
 *
 * @throws Problem `not-found`, `role-above-own`, `too-many-mails`, `contention`
 */
export async function resetMember(
  { params, caller, origin }: OperationRequest<typeof resetMemberRoute>,
  { accounts, secret, now }: { accounts: AccountStore; secret: ReadSecret; now: Clock },
): Promise<{ status: "reset-sent" }> {
  const member = await findMember(params.memberId, caller, accounts.readMember);
  if (member.status !== "active") throw new Problem("not-found");
  const reset = newPasswordReset(member, await secret("ticket"), now());
  const entry = {
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    subjectId: member.memberId,
    action: "auth.password.reset-requested",
    outcome: "success" as const,
    origin,
    timeMs: now(),
    details: { ticketId: reset.content.ticketId },
  };
  const place = { ...member, kind: "password-reset" as const };
  const outcome = await accounts.requestMail(place, reset, entry, caller);
  if (!outcome.committed) throw tooManyMails();
  return { status: "reset-sent" };
}
