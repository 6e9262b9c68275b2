import type { RiskLevel } from "./assess-risk.ts";
import { riskLevel, riskScore } from "./assess-risk.ts";
import { loadModel } from "./model.ts";
import { screenField } from "./screen-field.ts";
import type { ThreatType } from "./threat-type.ts";
import { THREAT_TYPES } from "./threat-type.ts";
import type { Field } from "./walk-fields.ts";
import { walkFields } from "./walk-fields.ts";

/** An attack in the data: RFC 6901 `pointer` of the field, UTF-16 offsets into its text or key. */
export type Finding = {
  type: ThreatType;
  confidence: number;
  pointer: string;
  place: "value" | "key";
  start: number;
  end: number;
  reasons: string[];
};

/** Verdict on data. `threat` is exactly `confidence >= threshold`. */
export type Detection = {
  threat: boolean;
  confidence: number;
  threshold: number;
  riskScore: number;
  riskLevel: RiskLevel;
  findings: Finding[];
};

/** Exceptions the caller grants, as RFC 6901 pointers; a pointer covers everything below it. */
export type DetectOptions = {
  /** Fields that may hold HTML: markup passes, scripts, handlers and script addresses do not. */
  htmlAllowed?: readonly string[];
  /** Fields not screened at all. */
  ignore?: readonly string[];
};

function isCovered(pointer: string, pointers: readonly string[]): boolean {
  return pointers.some((covered) => pointer === covered || pointer.startsWith(`${covered}/`));
}

/** Unpacks the model ahead of the first call, so that no request pays for it. */
export function initialize(): void {
  loadModel();
}

class Verdict {
  confidence = 0;
  score = 0;
  readonly findings: Finding[] = [];
  private readonly threshold: number;

  constructor(threshold: number) {
    this.threshold = threshold;
  }

  note(confidence: number, layers: number, pointer: string): void {
    this.confidence = Math.max(this.confidence, confidence);
    const { threshold } = this;
    this.score = Math.max(this.score, riskScore({ confidence, threshold, layers, pointer }));
  }
}

/**
 * Screens data for injection attacks, leaf by leaf and key by key. `threatType` limits the answer
 * to one type; `undefined` looks for all four. Pure and deterministic, linear in the input.
 *
 * Throws the problem `body-too-large` beyond 262,144 characters, 20,000 fields or 64 levels, and a
 * TypeError for a type that it does not know or data that is no JSON: what was not screened is never
 * reported as clean.
 */
export function detectThreat(
  threatType: ThreatType | undefined,
  data: unknown,
  options: DetectOptions = {},
): Detection {
  const model = loadModel();
  const types = threatType === undefined ? THREAT_TYPES : [knownType(threatType)];
  const verdict = new Verdict(model.threshold);
  const ignored = options.ignore ?? [];
  const html = options.htmlAllowed ?? [];
  for (const field of walkFields(data)) {
    if (isCovered(field.pointer, ignored)) continue;
    const isHtmlAllowed = isCovered(field.pointer, html);
    const result = screenField(model, field, { isHtmlAllowed, types });
    for (const [head, type] of THREAT_TYPES.entries()) {
      if (types.includes(type)) verdict.note(result.confidences[head] as number, 0, field.pointer);
    }
    for (const finding of result.findings) {
      verdict.note(finding.confidence, finding.layers, field.pointer);
      verdict.findings.push(toFinding(finding, field));
    }
  }
  const { confidence, score, findings } = verdict;
  findings.sort((a, b) => b.confidence - a.confidence);
  const threat = confidence >= model.threshold;
  return {
    threat,
    confidence,
    threshold: model.threshold,
    riskScore: score,
    riskLevel: riskLevel(score),
    findings,
  };
}

/** A type that nobody screens for would find everything clean. */
function knownType(type: ThreatType): ThreatType {
  if (!THREAT_TYPES.includes(type)) throw new TypeError(`unknown threat type: ${String(type)}`);
  return type;
}

function toFinding(
  finding: { type: ThreatType; confidence: number; start: number; end: number; reasons: string[] },
  field: Field,
): Finding {
  const { type, confidence, reasons } = finding;
  const { pointer, place, before = 0 } = field;
  const start = Math.max(0, finding.start - before);
  return { type, confidence, pointer, place, start, end: finding.end - before, reasons };
}

/** Probability, 0 to 1, that data holds an attack of `threatType`. Throws like `detectThreat`. */
export function getThreatConfidence(threatType: ThreatType, data: unknown): number {
  return detectThreat(threatType, data).confidence;
}
