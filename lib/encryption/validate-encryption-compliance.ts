import type { Clock } from "../clock.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import type { FipsEvidence } from "./fips-evidence.ts";
import type { GdprFinding } from "./gdpr-findings.ts";
import { toGdprFindings } from "./gdpr-findings.ts";
import type { KeyEvidenceDependencies } from "./key-version-evidence.ts";
import { checkKeyVersions } from "./key-version-evidence.ts";
import type { SampleDependencies } from "./sample-evidence.ts";
import { checkSampledEnvelopes } from "./sample-evidence.ts";
import { runSelfTests } from "./self-test.ts";

export interface ComplianceReport {
  readonly manufacturerId: string;
  readonly checkedAtMs: number;
  readonly fips: FipsEvidence;
  readonly checks: readonly ComplianceCheck[];
  readonly gdpr: readonly GdprFinding[];
}

export interface ComplianceDependencies extends KeyEvidenceDependencies, SampleDependencies {
  readonly collectFipsEvidence: () => FipsEvidence;
  readonly checkKmsKey: () => Promise<readonly ComplianceCheck[]>;
  readonly checkTables: () => Promise<readonly ComplianceCheck[]>;
}

/**
 * Gathers evidence on how a manufacturer's data is encrypted. It says what was seen and what cannot
 * be seen from here; it never sums up to "compliant".
 */
export async function validateEncryptionCompliance(
  dependencies: ComplianceDependencies,
  manufacturerId: string,
): Promise<ComplianceReport> {
  const { now } = dependencies;
  const checks = (
    await Promise.all([
      runSelfTests(dependencies.fips, now),
      dependencies.checkKmsKey(),
      dependencies.checkTables(),
      checkKeyVersions(dependencies, manufacturerId),
      checkSampledEnvelopes(dependencies, manufacturerId),
      notCheckable(now),
    ])
  ).flat();
  return {
    manufacturerId,
    checkedAtMs: now(),
    fips: dependencies.collectFipsEvidence(),
    checks,
    gdpr: toGdprFindings(checks),
  };
}

/** Said out loud, so that nobody reads a missing line as a passed one. */
const notCheckable = (now: Clock): ComplianceCheck[] =>
  Object.entries({
    "legal-basis":
      "Whether there is a lawful basis, a contract and a record of processing is not in the system.",
    organisation: "Training, access reviews and incident handling happen outside of it.",
    "hsm-certificate":
      "The certificates of the key service's hardware are published by NIST, not by the service.",
    exports:
      "Copies that were exported from the account, and envelopes that callers keep, are out of sight.",
    iam: "Who may assume a role that the key policy allows is decided in IAM.",
  }).map(([id, reason]) => ({
    id: `outside/${id}`,
    result: "not-checkable-from-here",
    evidence: { reason },
    source: "none",
    checkedAtMs: now(),
  }));
