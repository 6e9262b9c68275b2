import * as z from "zod/mini";
import type { Route } from "../http/route.ts";
import { permissions } from "./policy.ts";

const PermissionName = z.enum(permissions);

export const checkAccessRoute = {
  operationId: "checkAccess",
  domain: "access",
  summary: "Whether the caller holds a permission, and what is missing where not",
  method: "POST",
  path: "/v1/access/check",
  access: "session",
  body: z.strictObject({ permission: PermissionName }),
  bodyBytesMax: 1024,
  success: {
    status: 200,
    schema: z.object({
      allowed: z.boolean(),
      reason: z.optional(z.enum(["role", "assurance", "authentication-age"])),
    }),
  },
  problems: [],
  uses: [],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const listPermissionsRoute = {
  operationId: "listPermissions",
  domain: "access",
  summary: "The permissions that the caller's roles hold, and the authentication each asks for",
  method: "GET",
  path: "/v1/access/permissions",
  access: "session",
  success: {
    status: 200,
    schema: z.object({
      items: z.array(
        z.object({
          permission: PermissionName,
          minAcr: z.optional(z.string()),
          maxAuthAgeSeconds: z.optional(z.int()),
        }),
      ),
    }),
  },
  problems: [],
  uses: [],
  latencyBudgetMs: 50,
} as const satisfies Route;

export const accessRoutes: readonly Route[] = [checkAccessRoute, listPermissionsRoute];
