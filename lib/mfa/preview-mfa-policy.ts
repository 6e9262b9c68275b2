import type { MemberStore } from "../accounts/member-store.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { previewMfaPolicyRoute } from "./api.ts";
import { hasTotpFactor } from "./second-factors.ts";

/** Active members of these roles without a second factor: whom the policy would stop tomorrow. */
export async function previewMfaPolicy(
  { body, caller }: OperationRequest<typeof previewMfaPolicyRoute>,
  { members }: { members: Pick<MemberStore, "listMembers"> },
): Promise<OperationBody<typeof previewMfaPolicyRoute>> {
  const lockedOut = [];
  for (let after: string | undefined, first = true; first || after; first = false) {
    const page = await members.listMembers(caller.manufacturerId, after);
    for (const { memberId, name, roles, status, secondFactors } of page.members) {
      const isDemanded = roles.some((role) => body.requiredFor.includes(role));
      if (status === "active" && isDemanded && !hasTotpFactor(secondFactors)) {
        lockedOut.push({ memberId, name, roles: [...roles] });
      }
    }
    after = page.lastMemberId;
  }
  return { lockedOut };
}
