import type { AccountStore } from "../accounts/store.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { unlockMemberRoute } from "./api.ts";
import type { OperatorStore } from "./store.ts";

/**
 * Gives a member's password its attempts back; it stays the same password. The record stands in the
 * member's own manufacturer, for its administrators to see.
 *
 * @throws Problem `not-found`
 */
export async function unlockMember(
  { params, caller, requestId }: OperationRequest<typeof unlockMemberRoute>,
  {
    operators,
    readMember,
    now,
  }: { operators: OperatorStore; readMember: AccountStore["readMember"]; now: Clock },
): Promise<{ memberId: string; status: "unlocked" }> {
  const memberId = params.id;
  const manufacturerId = await operators.findManufacturerOf(memberId);
  const member = manufacturerId && (await readMember(manufacturerId, memberId));
  if (!member || member.status === "removed") throw new Problem("not-found");
  const outcome = await operators.unlockPassword(member.emailHash, {
    manufacturerId: member.manufacturerId,
    actorId: caller.memberId,
    subjectId: memberId,
    action: "auth.password.unlocked",
    outcome: "success",
    requestId,
    timeMs: now(),
  });
  if (!outcome.committed) throw new Problem("not-found");
  return { memberId, status: "unlocked" };
}
