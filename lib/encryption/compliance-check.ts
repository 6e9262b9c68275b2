/**
 * `unknown`: it can be looked up from here, but the look-up failed. `not-checkable-from-here`: no
 * program in this place can know it.
 */
export type CheckResult = "pass" | "fail" | "unknown" | "not-checkable-from-here";

/** One thing that was looked at, with what was seen. */
export interface ComplianceCheck {
  readonly id: string;
  readonly result: CheckResult;
  /** What was seen, or why nothing could be; never a key or a plaintext. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Where it was seen, such as `kms:DescribeKey`. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly checkedAtMs: number;
}

/**
 * Turns one look-up into a check: a look-up that fails is `unknown`, never `pass`.
 * @param look answers whether what it saw is as it must be (`undefined`: there was nothing to see),
 * and the evidence
 */
export async function runCheck(
  named: { readonly id: string; readonly source: string; readonly now: () => number },
  look: () => Promise<{ isPassed: boolean | undefined; evidence: Record<string, unknown> }>,
): Promise<ComplianceCheck> {
  const { id, now, source } = named;
  try {
    const { evidence, isPassed } = await look();
    const result = isPassed === undefined ? "unknown" : isPassed ? "pass" : "fail";
    return { id, result, evidence, source, checkedAtMs: now() };
  } catch (error) {
    const evidence = { error: error instanceof Error ? error.name : "unknown" };
    return { id, result: "unknown", evidence, source, checkedAtMs: now() };
  }
}
