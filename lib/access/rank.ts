import type { Role } from "./policy.ts";

/** The manufacturer whose members run the platform. */
export const platformManufacturerId = "platform";

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3, operator: 4 };

/** The roles that a manufacturer's members may have. */
export const assignableRoles = (manufacturerId: string): readonly Role[] =>
  manufacturerId === platformManufacturerId ? ["operator"] : ["owner", "admin", "editor", "viewer"];

/** Whether somebody with `own` roles may grant, reset or remove somebody with `other` roles. */
export const ranksAtLeast = (own: readonly Role[], other: readonly Role[]): boolean =>
  highest(own) >= highest(other);

const highest = (held: readonly Role[]): number => Math.max(-1, ...held.map((role) => ranks[role]));
