import { ranksAtLeast } from "../access/rank.ts";
import type { Caller } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { AccountStore, Member } from "./store.ts";

/**
 * A member of the caller's own manufacturer whom the caller may act on. A foreign, removed or absent
 * one is the same: not found.
 *
 * @throws Problem `not-found`, `role-above-own`
 */
export async function findMember(
  memberId: string,
  caller: Caller,
  readMember: AccountStore["readMember"],
): Promise<Member> {
  const member = await readMember(caller.manufacturerId, memberId);
  if (!member || member.status === "removed") throw new Problem("not-found");
  if (!ranksAtLeast(caller.roles, member.roles)) throw new Problem("role-above-own");
  return member;
}
