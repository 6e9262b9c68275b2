import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listPermissionsRoute } from "./api.ts";
import { demandOf } from "./authorize.ts";
import { permissions, ruleOf } from "./policy.ts";

/** What the caller's roles hold; `minAcr` and `maxAuthAgeSeconds` say when to step up first. */
export async function listPermissions({
  caller,
}: OperationRequest<typeof listPermissionsRoute>): Promise<
  OperationBody<typeof listPermissionsRoute>
> {
  return {
    items: permissions
      .filter((permission) => ruleOf(permission).roles.some((role) => caller.roles.includes(role)))
      .map((permission) => {
        const { minAcr, maxAuthAgeSeconds } = demandOf(permission, caller);
        return {
          permission,
          ...(minAcr === undefined ? {} : { minAcr }),
          ...(maxAuthAgeSeconds === undefined ? {} : { maxAuthAgeSeconds }),
        };
      }),
  };
}
