import type { BudgetAssessment } from "./assess-budget.ts";
import type { Baseline } from "./baseline.ts";
import type { Detectors } from "./degradation.ts";

export const alertKinds = [
  "budget-breach",
  "burn-rate-fast",
  "burn-rate-slow",
  "degradation-mean",
  "degradation-tail",
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** The numbers that an alert rests on. */
export type Evidence = Record<string, number | string>;

export interface Alert {
  operation: string;
  kind: AlertKind;
  version: string;
  raisedAtMs: number;
  evidence: Evidence;
  clearedAtMs?: number | undefined;
}

/** What watching an operation remembers between two checks. */
export interface Watch {
  operation: string;
  version: string;
  /** Slices that ended before are in the detectors. */
  processedUntilMs: number;
  detectors: Detectors;
  baseline?: Baseline | undefined;
  baselineAtMs?: number | undefined;
  assessment: BudgetAssessment;
  checkedAtMs: number;
}
