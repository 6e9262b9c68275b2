import type { CheckResult, ComplianceCheck } from "./compliance-check.ts";

/** An article of the GDPR, and what the checks say about the measure that serves it. */
export interface GdprFinding {
  readonly article: string;
  readonly measure: string;
  /** The worst result of its checks. */
  readonly result: CheckResult;
  readonly checks: readonly string[];
}

const selfTests = [
  "self-test/known-answer",
  "self-test/round-trip",
  "self-test/changed-ciphertext",
];

/** All tables that hold something of a manufacturer's. */
const tableChecks = ["table/encryption", "table/identity", "table/usage", "table/audit"];

const measures: readonly Omit<GdprFinding, "result">[] = [
  {
    article: "5(1)(f)",
    measure: "Integrity and confidentiality: authenticated encryption under a key of its own",
    checks: [...selfTests, "self-test/other-manufacturer", "envelopes/sample", "kms/key"],
  },
  {
    article: "15, 20",
    measure: "Access and portability: what is stored opens, and opens without the platform",
    checks: ["self-test/known-answer", "envelopes/sample", "outside/exports"],
  },
  {
    article: "17",
    measure: "Erasure, supported by destroying keys; backups reach back for a bounded time",
    checks: ["keys/erasure", "table/backups", "table/on-demand-backups", "outside/exports"],
  },
  {
    article: "25",
    measure: "Data protection by design and by default: nothing sensitive is stored unsealed",
    checks: ["envelopes/sample", "kms/policy", "kms/grants", "outside/organisation"],
  },
  {
    article: "32(1)(a), (b), (d)",
    measure: "Security of processing: encryption, availability, regular testing",
    checks: [...selfTests, ...tableChecks, "table/backups", "kms/rotation", "keys/age"],
  },
  {
    article: "44",
    measure: "Transfers: key, tables and function are in the manufacturer's region",
    checks: [
      "keys/residency",
      "kms/key",
      "kms/policy",
      "kms/grants",
      ...tableChecks,
      "outside/iam",
    ],
  },
];

const fromWorst: readonly CheckResult[] = ["fail", "unknown", "not-checkable-from-here", "pass"];

function worstOf(ids: readonly string[], checks: readonly ComplianceCheck[]): CheckResult {
  const results = ids.map((id) => checks.find((check) => check.id === id)?.result ?? "unknown");
  return fromWorst.find((result) => results.includes(result)) ?? "unknown";
}

/** What the checks say about each article's measure. */
export function toGdprFindings(checks: readonly ComplianceCheck[]): GdprFinding[] {
  return measures.map((measure) => ({ ...measure, result: worstOf(measure.checks, checks) }));
}
