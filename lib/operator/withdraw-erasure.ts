import { auditPut } from "../audit/record.ts";
import { cancelErasure } from "../encryption/erase-manufacturer.ts";
import type { withdrawErasureRoute } from "../encryption/operator-api.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { RequestErasureDependencies } from "./request-erasure.ts";

/**
 * Calls an erasure off: the keys work again within 30 s, the members are given back what they were by
 * the event that the record raises.
 *
 * @throws Problem `not-found`, `erasure-not-pending`, `key-destroyed` (too late), `contention`
 */
export async function withdrawErasure(
  { params, caller, origin }: OperationRequest<typeof withdrawErasureRoute>,
  dependencies: Omit<RequestErasureDependencies, "accounts">,
): Promise<undefined> {
  const { auditTable, erasureAs, now } = dependencies;
  const entry = auditPut(auditTable, {
    manufacturerId: params.id,
    actorId: caller.memberId,
    subjectId: params.id,
    action: "operator.manufacturer.erasure-cancelled",
    outcome: "success",
    origin,
    timeMs: now(),
  });
  try {
    await cancelErasure({ ...dependencies, erasure: erasureAs(caller) }, params.id, [entry]);
  } catch (error) {
    // The one absence there is here: a manufacturer without keys is none of ours.
    if (error instanceof Problem && error.code === "key-version-unknown") {
      throw new Problem("not-found");
    }
    throw error;
  }
}
