import type { Actor } from "../access/actor-condition.ts";
import type { AccountStore } from "../accounts/store.ts";
import { auditPut } from "../audit/record.ts";
import { toRfc3339 } from "../clock.ts";
import type { ErasureDependencies } from "../encryption/erase-manufacturer.ts";
import { scheduleErasure } from "../encryption/erase-manufacturer.ts";
import type { ErasureStore } from "../encryption/erasure-store.ts";
import { epochCheckMs } from "../encryption/key-ring.ts";
import type { requestErasureRoute } from "../encryption/operator-api.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";

export interface RequestErasureDependencies extends Omit<ErasureDependencies, "erasure"> {
  /** The store as it commits for this operator, while they may still act. */
  erasureAs: (actor: Actor) => ErasureStore;
  accounts: Pick<AccountStore, "readProfile">;
  auditTable: string;
}

/**
 * Blocks a manufacturer and sets the time after which it is destroyed. Its keys are refused by every
 * environment within 30 s; its members are suspended by the event that the record raises. Asking
 * again answers the first time.
 *
 * @throws Problem `not-found`, `confirmation-mismatch`, `key-destroyed`, `contention`
 */
export async function requestErasure(
  { body, params, caller, origin }: OperationRequest<typeof requestErasureRoute>,
  dependencies: RequestErasureDependencies,
): Promise<OperationBody<typeof requestErasureRoute>> {
  const { accounts, auditTable, erasureAs, now } = dependencies;
  const manufacturerId = params.id;
  const profile = await accounts.readProfile(manufacturerId);
  if (!profile) throw new Problem("not-found");
  if (body.confirm !== profile.legalName) {
    throw new Problem("confirmation-mismatch", {
      detail: "Send the legal name of the manufacturer, letter by letter.",
    });
  }
  const { eraseAfterMs, requestedAtMs } = await scheduleErasure(
    { ...dependencies, erasure: erasureAs(caller) },
    manufacturerId,
    [
      auditPut(auditTable, {
        manufacturerId,
        actorId: caller.memberId,
        subjectId: manufacturerId,
        action: "operator.manufacturer.erasure-scheduled",
        outcome: "success",
        origin,
        timeMs: now(),
      }),
    ],
  );
  return {
    manufacturerId,
    status: "erasure-pending",
    keysBlockedAt: toRfc3339(requestedAtMs + epochCheckMs),
    eraseAfter: toRfc3339(eraseAfterMs),
  };
}
