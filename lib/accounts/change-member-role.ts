import { platformManufacturerId } from "../access/rank.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import { assertGrantable } from "./create-member.ts";
import { findMember } from "./find-member.ts";
import type { changeMemberRoleRoute } from "./member-api.ts";
import type { MemberStore } from "./member-store.ts";
import { changeStatements } from "./member-store.ts";
import type { MemberView } from "./member-view.ts";
import { toMemberView } from "./member-view.ts";
import type { AccountStore } from "./store.ts";

/**
 * Gives a member another role; it counts at once for permissions that are `fresh`, within 60 s for
 * the rest.
 *
 * @throws Problem `not-found`, `role-above-own`, `last-owner`, `contention`
 */
export async function changeMemberRole(
  { params, body, caller, origin }: OperationRequest<typeof changeMemberRoleRoute>,
  { accounts, members, now }: { accounts: AccountStore; members: MemberStore; now: Clock },
): Promise<MemberView> {
  assertGrantable(body.role, caller);
  const member = await findMember(params.memberId, caller, accounts.readMember);
  if (member.roles.length === 1 && member.roles[0] === body.role) return toMemberView(member);
  const outcome = await members.changeRole(caller, member, body.role, {
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    subjectId: member.memberId,
    action: "accounts.member.role-changed",
    outcome: "success",
    origin,
    timeMs: now(),
    details: { from: member.roles, to: [body.role] },
  });
  if (!outcome.committed) throw refusedChange(outcome.failed, caller.manufacturerId);
  return toMemberView({ ...member, roles: [body.role] });
}

/** A change met a member that somebody else had just changed, or the last one who can act for all. */
export function refusedChange(
  failed: ReadonlyMap<number, unknown>,
  manufacturerId: string,
): Problem {
  if (failed.has(changeStatements.member)) {
    return new Problem("contention", {
      detail: "The member was changed at the same moment; look again.",
    });
  }
  return manufacturerId === platformManufacturerId
    ? new Problem("last-operator", { detail: "Invite another operator first." })
    : new Problem("last-owner", { detail: "Make somebody else an owner first." });
}
