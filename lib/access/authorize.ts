import type { Clock } from "../clock.ts";
import type { Caller } from "../http/request.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { Permission } from "./policy.ts";
import { ruleOf } from "./policy.ts";

export type AccessVerdict =
  | { allowed: true }
  | { allowed: false; reason: "role" | "assurance" | "authentication-age" };

/**
 * Whether the caller holds a permission and has authenticated well and recently enough for it.
 * In memory only; the caller's roles come from the access item.
 */
export const checkPermission = performanceMonitor(innerOperations.permissionCheck)(check);

function check(
  caller: Pick<Caller, "roles" | "acr" | "authTimeMs">,
  permission: Permission,
  now: Clock,
): AccessVerdict {
  const { roles, minAcr, maxAuthAgeSeconds } = ruleOf(permission);
  if (!caller.roles.some((role) => roles.includes(role))) return { allowed: false, reason: "role" };
  if (minAcr === "aal2" && caller.acr !== "aal2") return { allowed: false, reason: "assurance" };
  if (maxAuthAgeSeconds !== undefined && now() - caller.authTimeMs > maxAuthAgeSeconds * 1000) {
    return { allowed: false, reason: "authentication-age" };
  }
  return { allowed: true };
}
