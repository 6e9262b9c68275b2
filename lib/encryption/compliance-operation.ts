import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { validateEncryptionComplianceRoute } from "./compliance-api.ts";
import type { ComplianceDependencies } from "./validate-encryption-compliance.ts";
import { validateEncryptionCompliance } from "./validate-encryption-compliance.ts";

/** `validateEncryptionCompliance` for the caller's manufacturer. */
export async function answerCompliance(
  { caller }: OperationRequest<typeof validateEncryptionComplianceRoute>,
  dependencies: ComplianceDependencies,
): Promise<OperationBody<typeof validateEncryptionComplianceRoute>> {
  const report = await validateEncryptionCompliance(dependencies, caller.manufacturerId);
  const { manufacturerId, checkedAtMs, fips, checks, gdpr } = report;
  return {
    manufacturerId,
    checkedAt: toRfc3339(checkedAtMs),
    fips: { ...fips, caveats: [...fips.caveats] },
    checks: checks.map(({ checkedAtMs: lookedAtMs, evidence, ...check }) => ({
      ...check,
      evidence: { ...evidence },
      checkedAt: toRfc3339(lookedAtMs),
    })),
    gdpr: gdpr.map((finding) => ({ ...finding, checks: [...finding.checks] })),
  };
}
