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
  "unknown-field": 2,
  "format-unknown": 2,
};
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
  for (const verdict of fields.values()) score -= costOf(verdict);
  const securityScore = Math.round(Math.max(0, Math.min(score, 100 - riskScore)));
  const level = levelFloors.find(([, floor]) => securityScore >= floor);
  return { securityScore, riskLevel: level?.[0] ?? "critical" };
}
