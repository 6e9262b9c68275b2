import type { Role } from "../access/policy.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { changeMfaPolicyRoute } from "./api.ts";
import type { MfaPolicyStore } from "./policy-store.ts";

/**
 * Demands a second factor of members with these roles. It counts within 60 s, in sessions that are
 * open as well: at `aal1` they can do nothing any more but bind a factor.
 */
export async function changeMfaPolicy(
  { body, caller, origin }: OperationRequest<typeof changeMfaPolicyRoute>,
  { policies, now }: { policies: MfaPolicyStore; now: Clock },
): Promise<{ requiredFor: Role[] }> {
  const { manufacturerId, memberId } = caller;
  const requiredFor = [...new Set(body.requiredFor)];
  const outcome = await policies.putPolicy(caller, requiredFor, {
    manufacturerId,
    actorId: memberId,
    subjectId: manufacturerId,
    action: "mfa.policy.changed",
    outcome: "success",
    origin,
    timeMs: now(),
    details: { requiredFor },
  });
  if (!outcome.committed) throw new Problem("contention");
  return { requiredFor };
}
