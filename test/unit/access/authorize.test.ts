import { describe, expect, it } from "vitest";
import { checkPermission } from "../../../lib/access/authorize.ts";
import type { Role } from "../../../lib/access/policy.ts";
import { permissions, roles, ruleOf } from "../../../lib/access/policy.ts";

const nowMs = Date.UTC(2026, 10, 24);
const now = () => nowMs;
const caller = (role: Role, acr: "aal1" | "aal2" = "aal2", ageSeconds = 0) => ({
  roles: [role],
  acr,
  authTimeMs: nowMs - ageSeconds * 1000,
  secondFactorDemanded: false,
});

describe.each(permissions)("the permission %s", (permission) => {
  const rule = ruleOf(permission);

  it.each(roles)("is held by the role %s exactly when the policy lists it", (role) => {
    const verdict = checkPermission(caller(role), permission, now);
    expect(verdict.allowed).toBe(rule.roles.includes(role));
  });

  it("asks for the assurance and the age of authentication that the policy states", () => {
    const holder = rule.roles[0] as Role;
    expect(checkPermission(caller(holder, "aal1"), permission, now).allowed).toBe(
      rule.minAcr !== "aal2" && !rule.secondFactorFor?.includes(holder),
    );
    // A role that no second factor is asked of passes with one.
    const other = rule.roles.find((role) => !rule.secondFactorFor?.includes(role)) as Role;
    expect(checkPermission(caller(other, "aal1"), permission, now).allowed).toBe(
      rule.minAcr !== "aal2",
    );
    const { maxAuthAgeSeconds = Number.POSITIVE_INFINITY } = rule;
    const old = Math.min(maxAuthAgeSeconds, 1e9);
    expect(checkPermission(caller(holder, "aal2", old), permission, now).allowed).toBe(true);
    if (rule.maxAuthAgeSeconds === undefined) return;
    expect(checkPermission(caller(holder, "aal2", old + 1), permission, now)).toEqual({
      allowed: false,
      reason: "authentication-age",
    });
  });
});
