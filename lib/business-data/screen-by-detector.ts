import { detectThreat } from "../threats/detect-threat.ts";
import type { Screen } from "./screen.ts";

/** The threat screen by the product's own detector, for all types of attack at once. */
export const screenByDetector: Screen = (data) => {
  const { findings, riskScore } = detectThreat(undefined, data);
  return { threats: findings, riskScore };
};
