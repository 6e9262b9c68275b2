import type { FieldVerdict, VerdictCode } from "./field-verdict.ts";
import type { Inconsistency } from "./find-inconsistencies.ts";

export const riskLevels = ["low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** Points that a verdict costs. What forgers and robots leave behind costs more than a typing error. */
const codeCosts: Partial<Record<VerdictCode, number>> = {
  attack: 40,
  "disposable-domain": 30,
  "country-mismatch": 25,
  "credentials-in-url": 25,
  "invalid-check-digit": 20,
  placeholder: 20,
  "not-public": 20,
  lookalike: 20,
  missing: 20,
  "reserved-domain": 5,
  "insecure-scheme": 3,
  "check-digit-differs": 3,
};

/** Points for what nobody can check, by how many there are: a long form is no attack. */
const uncheckedCost = 2;
const uncheckedCostMax = 10;
const isUnchecked = ({ valid, code }: FieldVerdict): boolean =>
  valid && (code === "unknown-field" || code === "format-unknown");

const otherRefusalCost = 15;
const inconsistencyCost = 8;

/** Least score of each level, best first. */
const levelFloors: readonly [RiskLevel, number][] = [
  ["low", 80],
  ["medium", 60],
  ["high", 30],
];

const costOf = ({ valid, code }: FieldVerdict): number =>
  (code === undefined ? undefined : codeCosts[code]) ?? (valid ? 0 : otherRefusalCost);

/**
 * How far a submission can be trusted by what it says: 100 where every field holds, less for each that
 * does not, and never above what the threat screen leaves.
 *
 * @param riskScore of the threat screen, 0 to 100
 */
export function assessRisk(
  fields: ReadonlyMap<string, FieldVerdict>,
  inconsistencies: readonly Inconsistency[],
  riskScore: number,
): { securityScore: number; riskLevel: RiskLevel } {
  let score = 100 - inconsistencies.length * inconsistencyCost;
  const verdicts = [...fields.values()];
  for (const verdict of verdicts) score -= costOf(verdict);
  score -= Math.min(uncheckedCostMax, verdicts.filter(isUnchecked).length * uncheckedCost);
  const securityScore = Math.round(Math.max(0, Math.min(score, 100 - riskScore)));
  const level = levelFloors.find(([, floor]) => securityScore >= floor);
  return { securityScore, riskLevel: level?.[0] ?? "critical" };
}
