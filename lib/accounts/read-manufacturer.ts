import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { readManufacturerRoute } from "./api.ts";
import type { AccountStore } from "./store.ts";

/** The caller's own manufacturer; there is no way to name another. */
export async function readManufacturer(
  { caller }: OperationRequest<typeof readManufacturerRoute>,
  { accounts }: { accounts: AccountStore },
): Promise<OperationBody<typeof readManufacturerRoute>> {
  const profile = await accounts.readProfile(caller.manufacturerId);
  if (!profile) throw new Problem("not-found");
  const { manufacturerId, legalName, country, licenseNumber, taxId, contact, createdAtMs } =
    profile;
  return {
    manufacturerId,
    legalName,
    country,
    ...(licenseNumber === undefined ? {} : { licenseNumber }),
    ...(taxId === undefined ? {} : { taxId }),
    contact,
    createdAt: toRfc3339(createdAtMs),
  };
}
