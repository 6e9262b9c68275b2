import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { checkAccessRoute } from "./api.ts";
import type { AccessVerdict } from "./authorize.ts";
import { checkPermission } from "./authorize.ts";

/** A check, not a command: "no" is a verdict with status 200. */
export async function checkAccess(
  { body, caller }: OperationRequest<typeof checkAccessRoute>,
  { now }: { now: Clock },
): Promise<AccessVerdict> {
  return checkPermission(caller, body.permission, now);
}
