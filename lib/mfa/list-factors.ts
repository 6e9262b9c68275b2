import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listFactorsRoute } from "./api.ts";
import type { TotpFactor } from "./factor.ts";
import { isExhausted } from "./factor.ts";
import type { FactorStore } from "./factor-store.ts";

export async function listFactors(
  { caller }: OperationRequest<typeof listFactorsRoute>,
  { factors }: { factors: Pick<FactorStore, "listFactors"> },
): Promise<OperationBody<typeof listFactorsRoute>> {
  return { items: (await factors.listFactors(caller.memberId)).map(toFactorView) };
}

/** A factor as the API shows one: what it is called and when it was bound, no secret. */
export const toFactorView = (factor: TotpFactor) => ({
  factorId: factor.factorId,
  kind: factor.kind,
  label: factor.label,
  status: isExhausted(factor) ? ("disabled" as const) : ("active" as const),
  createdAt: toRfc3339(factor.createdAtMs),
  ...(factor.confirmedAtMs !== undefined && { confirmedAt: toRfc3339(factor.confirmedAtMs) }),
});
