import type { Samples } from "./scene.ts";

export const accessSamples: Samples = {
  checkAccess: {
    request: () => ({ path: "/v1/access/check", body: { permission: "manufacturer:read" } }),
  },
  listPermissions: { request: () => ({ path: "/v1/access/permissions" }) },
};
