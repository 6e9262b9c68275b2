export const roles = ["owner", "admin", "editor", "viewer", "operator"] as const;
export type Role = (typeof roles)[number];

/** Authentication assurance: one factor, or two (NIST SP 800-63B-4 section 2). */
export const assuranceLevels = ["aal1", "aal2"] as const;
export type AssuranceLevel = (typeof assuranceLevels)[number];

export interface PermissionRule {
  roles: readonly Role[];
  /** Least assurance of the caller's authentication. */
  minAcr?: AssuranceLevel;
  /** Roles whose holders need two factors where others do not. */
  secondFactorFor?: readonly Role[];
  /** Longest time since the caller last authenticated, in seconds (RFC 9470 `max_age`). */
  maxAuthAgeSeconds?: number;
  /** Roles, status and ended sessions are read consistently, not from the 60 s cache. */
  fresh?: true;
  /** Stays open to a member who must bind a second factor before anything else. */
  bindsFirstFactor?: true;
}

const everyMember = ["owner", "admin", "editor", "viewer"] as const;
const editors = ["owner", "admin", "editor"] as const;
const admins = ["owner", "admin"] as const;
const owners = ["owner"] as const;
const operators = ["operator"] as const;

/**
 * The one policy: which roles hold a permission, and how well and how recently its holder must have
 * authenticated. It drives access control, step-up challenges and the tenant-isolation tests.
 */
export const policy = {
  "manufacturer:read": { roles: [...everyMember, "operator"] },
  // The most valuable read there is.
  "manufacturer:export": { roles: owners, minAcr: "aal2", maxAuthAgeSeconds: 900, fresh: true },
  "members:read": { roles: [...everyMember, "operator"] },
  "members:write": { roles: [...admins, "operator"], minAcr: "aal2", fresh: true },
  // Addresses and clients of colleagues are personal data: for whoever may end the sessions.
  "member-sessions:read": { roles: [...admins, "operator"], minAcr: "aal2", fresh: true },
  "members:unlock": { roles: operators, minAcr: "aal2", maxAuthAgeSeconds: 900, fresh: true },
  "audit:read": { roles: [...admins, "operator"] },
  "business-data:validate": { roles: editors },
  "threats:detect": { roles: editors },
  "usage:read": { roles: everyMember },
  "usage:write": { roles: editors },
  // Long enough to fetch the phone; SP 800-63B-4 section 4.1.2 wants binding close to authentication.
  "factors:enrol": { roles, maxAuthAgeSeconds: 900, fresh: true, bindsFirstFactor: true },
  "factors:write": { roles, minAcr: "aal2", maxAuthAgeSeconds: 900, fresh: true },
  "mfa-policy:read": { roles: [...admins, "operator"] },
  "mfa-policy:write": {
    roles: [...owners, "operator"],
    minAcr: "aal2",
    maxAuthAgeSeconds: 900,
    fresh: true,
  },
  // Whoever owns the keys proves it with two factors; editors are often services.
  "encryption:encrypt": { roles: editors, secondFactorFor: owners },
  "encryption:decrypt": { roles: editors, secondFactorFor: owners },
  "encryption:read": { roles: admins, minAcr: "aal2", fresh: true },
  "encryption:rotate": { roles: admins, minAcr: "aal2", fresh: true },
  "encryption:revoke": { roles: admins, minAcr: "aal2", fresh: true },
  "manufacturers:erase": { roles: operators, minAcr: "aal2", maxAuthAgeSeconds: 900, fresh: true },
  "performance:read": { roles: ["operator"] },
  "performance:write": { roles: ["operator"] },
  "plans:write": { roles: operators, fresh: true },
} as const satisfies Record<string, PermissionRule>;

export type Permission = keyof typeof policy;

export const permissions = Object.keys(policy) as Permission[];

/** The rule of a permission, widened to its interface. */
export const ruleOf = (permission: Permission): PermissionRule => policy[permission];
