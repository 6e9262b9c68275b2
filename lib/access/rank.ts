import type { Role } from "./policy.ts";
import { roles, ruleOf } from "./policy.ts";

/** The manufacturer whose members run the platform. */
export const platformManufacturerId = "platform";

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3, operator: 4 };

/** The roles that a manufacturer's members may have. */
export const assignableRoles = (manufacturerId: string): readonly Role[] =>
  manufacturerId === platformManufacturerId ? ["operator"] : ["owner", "admin", "editor", "viewer"];

/** Whether somebody with `own` roles may grant, reset or remove somebody with `other` roles. */
export const ranksAtLeast = (own: readonly Role[], other: readonly Role[]): boolean =>
  highest(own) >= highest(other);

/** The roles whose holders may give somebody this one. */
export const grantersOf = (role: Role): Role[] =>
  ruleOf("members:write").roles.filter((own) => ranksAtLeast([own], [role]));

/** The roles that somebody with `own` roles may give. */
export const grantable = (own: readonly Role[]): Role[] =>
  roles.filter((role) => grantersOf(role).some((granter) => own.includes(granter)));

/** Attribute of the access item: when its member last lost the right to give the role, epoch ms. */
export const grantLostAt = (role: Role): string => `${role}GrantLostAtMs`;

const highest = (held: readonly Role[]): number => Math.max(-1, ...held.map((role) => ranks[role]));
