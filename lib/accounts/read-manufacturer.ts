import { toRfc3339 } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { readManufacturerRoute } from "./api.ts";
import { openProfile } from "./sealed-profile.ts";
import type { AccountStore } from "./store.ts";

/**
 * The caller's own manufacturer; there is no way to name another.
 * @throws Problem `not-found`, and as `openField`
 */
export async function readManufacturer(
  { caller }: OperationRequest<typeof readManufacturerRoute>,
  { accounts, encryption }: { accounts: AccountStore; encryption: EncryptionDependencies },
): Promise<OperationBody<typeof readManufacturerRoute>> {
  const stored = await accounts.readProfile(caller.manufacturerId);
  if (!stored) throw new Problem("not-found");
  const profile = await openProfile(encryption, stored);
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
