import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { refusedChange } from "./change-member-role.ts";
import { findMember } from "./find-member.ts";
import type { removeMemberRoute } from "./member-api.ts";
import type { MemberStore } from "./member-store.ts";
import type { AccountStore } from "./store.ts";

/**
 * Removes a member, or withdraws an invitation. Their sign-in and personal data go in the same
 * transaction; sessions, factors and devices follow by the event it raises, and none of them works
 * meanwhile.
 *
 * @throws Problem `not-found`, `role-above-own`, `last-owner`, `last-operator`, `contention`
 */
export async function removeMember(
  { params, caller, origin }: OperationRequest<typeof removeMemberRoute>,
  { accounts, members, now }: { accounts: AccountStore; members: MemberStore; now: Clock },
): Promise<undefined> {
  const member = await findMember(params.memberId, caller, accounts.readMember);
  const outcome = await members.removeMember(caller, member, {
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    subjectId: member.memberId,
    action: "accounts.member.removed",
    outcome: "success",
    origin,
    timeMs: now(),
  });
  if (!outcome.committed) throw refusedChange(outcome.failed, caller.manufacturerId);
}
