import type { Role } from "../access/policy.ts";
import type { OperationRequest } from "../http/request.ts";
import type { readMfaPolicyRoute } from "./api.ts";
import type { MfaPolicyStore } from "./policy-store.ts";

export async function readMfaPolicy(
  { caller }: OperationRequest<typeof readMfaPolicyRoute>,
  { policies }: { policies: MfaPolicyStore },
): Promise<{ requiredFor: Role[] }> {
  return { requiredFor: await policies.readPolicy(caller.manufacturerId) };
}
