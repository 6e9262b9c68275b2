import type { Samples } from "./scene.ts";

export const auditSamples: Samples = {
  listAuditRecords: { request: () => ({ path: "/v1/audit" }) },
};
