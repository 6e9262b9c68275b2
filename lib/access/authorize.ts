import type { Clock } from "../clock.ts";
import type { Caller } from "../http/request.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { Permission, PermissionRule } from "./policy.ts";
import { ruleOf } from "./policy.ts";

export type AccessVerdict =
  | { allowed: true }
  | { allowed: false; reason: "role" | "assurance" | "authentication-age" };

type PermissionHolder = Pick<Caller, "roles" | "acr" | "authTimeMs" | "secondFactorDemanded">;

/**
 * Whether the caller holds a permission and has authenticated well and recently enough for it.
 * In memory only; the caller's roles come from the access item.
 */
export const checkPermission = performanceMonitor(innerOperations.permissionCheck)(check);

function check(caller: PermissionHolder, permission: Permission, now: Clock): AccessVerdict {
  const { roles, minAcr, maxAuthAgeSeconds } = demandOf(permission, caller);
  if (!caller.roles.some((role) => roles.includes(role))) return { allowed: false, reason: "role" };
  if (minAcr === "aal2" && caller.acr !== "aal2") return { allowed: false, reason: "assurance" };
  if (maxAuthAgeSeconds !== undefined && now() - caller.authTimeMs > maxAuthAgeSeconds * 1000) {
    return { allowed: false, reason: "authentication-age" };
  }
  return { allowed: true };
}

/**
 * The rule of a permission for this caller: where a second factor is demanded, all but binding one
 * needs it, and some permissions demand it of some roles.
 */
export function demandOf(
  permission: Permission,
  { roles, secondFactorDemanded }: Pick<Caller, "roles" | "secondFactorDemanded">,
): PermissionRule {
  const rule = ruleOf(permission);
  const isDemanded =
    (secondFactorDemanded && !rule.bindsFirstFactor) ||
    roles.some((role) => rule.secondFactorFor?.includes(role));
  return isDemanded ? { ...rule, minAcr: "aal2" } : rule;
}

/** Whether a second factor is demanded of the caller that the session has not seen. */
export const lacksDemandedFactor = ({
  acr,
  secondFactorDemanded,
}: Pick<Caller, "acr" | "secondFactorDemanded">): boolean => secondFactorDemanded && acr !== "aal2";
