import { probabilityOf } from "./calibrate.ts";
import { canonicalise, createCanonicalText } from "./canonicalise.ts";
import { explainWindow } from "./explain-window.ts";
import type { FactName } from "./fact-names.ts";
import type { EncodedText } from "./find-encoded-text.ts";
import { findEncodedText } from "./find-encoded-text.ts";
import { isPlainText } from "./is-plain-text.ts";
import type { Model } from "./model.ts";
import type { NestedField } from "./read-nested-json.ts";
import { readNestedJson } from "./read-nested-json.ts";
import type { HeadScore } from "./score-text.ts";
import { lastTokens, scoreText } from "./score-text.ts";
import type { ThreatType } from "./threat-type.ts";
import { THREAT_TYPES } from "./threat-type.ts";
import type { Field } from "./walk-fields.ts";

/** One attack found in one field. `start` and `end` are UTF-16 offsets into the field's text. */
export type FieldFinding = {
  type: ThreatType;
  confidence: number;
  start: number;
  end: number;
  reasons: string[];
  layers: number;
};

/** Confidences of a field under every type, and what passed the threshold. */
export type FieldResult = { confidences: number[]; findings: FieldFinding[] };

/** How one field is screened. */
export type FieldOptions = { isHtmlAllowed: boolean; types: readonly ThreatType[] };

/** Base64 in base64 is followed this deep. */
const VIEW_DEPTH_MAX = 2;

/** Markup that acts by itself: what a field that may hold HTML must still not contain. */
const ACTIVE_MARKUP: ReadonlySet<FactName> = new Set<FactName>([
  "activeTag",
  "closesActiveTag",
  "handlerInTag",
  "handlerAfterQuote",
  "handlerBare",
  "handlerCode",
  "scriptScheme",
  "schemeInAttribute",
  "riskyAttribute",
  "cssCode",
  "dataAddress",
  "sinkCall",
  "sinkAfterBreak",
  "constructorCall",
]);

const text = createCanonicalText();

/** Span inside decoded text back to the run it was decoded from. */
function spanInRun(run: EncodedText | undefined, start: number, end: number) {
  if (run === undefined) return { start, end };
  return {
    start: run.start + Math.floor(start * run.unitsPerCharacter),
    end: Math.min(run.end, run.start + Math.ceil(end * run.unitsPerCharacter)),
  };
}

class FieldScreen {
  readonly result: FieldResult;
  private readonly model: Model;
  private readonly options: FieldOptions;

  constructor(model: Model, options: FieldOptions) {
    this.model = model;
    this.options = options;
    this.result = {
      confidences: model.calibration.map((curve) => probabilityOf(curve, Number.NEGATIVE_INFINITY)),
      findings: [],
    };
  }

  screen(source: string, depth: number, run: EncodedText | undefined): void {
    canonicalise(source, text);
    const best = scoreText(this.model, text, run !== undefined);
    for (const [head, top] of best.entries()) this.judge(head, top, depth, run);
    if (depth >= VIEW_DEPTH_MAX) return;
    for (const inner of findEncodedText(source)) {
      const { start, end } = spanInRun(run, inner.start, inner.end);
      const unitsPerCharacter = inner.unitsPerCharacter * (run?.unitsPerCharacter ?? 1);
      this.screen(inner.text, depth + 1, { ...inner, start, end, unitsPerCharacter });
    }
  }

  private judge(head: number, top: HeadScore, depth: number, run: EncodedText | undefined): void {
    const type = THREAT_TYPES[head] as ThreatType;
    const { model, result, options } = this;
    const confidence = probabilityOf(model.calibration[head] ?? [], top.score);
    const isFound = confidence >= model.threshold && options.types.includes(type);
    if (!isFound) {
      result.confidences[head] = Math.max(result.confidences[head] as number, confidence);
      return;
    }
    const why = explainWindow(model, text, lastTokens(), top, head, run !== undefined);
    const isOnlyMarkup = type === "xss" && options.isHtmlAllowed;
    if (isOnlyMarkup && !why.facts.some((fact) => ACTIVE_MARKUP.has(fact))) return;
    result.confidences[head] = Math.max(result.confidences[head] as number, confidence);
    const { start, end } = spanInRun(run, why.start, why.end);
    const layers = text.layers + depth;
    result.findings.push({ type, confidence, start, end, reasons: why.reasons, layers });
  }
}

function bestPerType(findings: readonly FieldFinding[]): FieldFinding[] {
  return THREAT_TYPES.flatMap((type) => {
    const [best] = findings
      .filter((finding) => finding.type === type)
      .sort((a, b) => b.confidence - a.confidence);
    return best === undefined ? [] : [best];
  });
}

/** The findings of a key are those of the key written in JSON, one quote to the left. */
function screenKey(screen: FieldScreen, key: string): void {
  screen.screen(`"${key}":`, 0, undefined);
  for (const finding of screen.result.findings) {
    finding.start = Math.min(key.length, Math.max(0, finding.start - 1));
    finding.end = Math.min(key.length, Math.max(finding.start, finding.end - 1));
  }
}

/** Every field of JSON in a string on its own; the surest answer per type is the string's. */
function screenNested(
  model: Model,
  fields: readonly NestedField[],
  options: FieldOptions,
): FieldResult {
  const { result } = new FieldScreen(model, options);
  for (const { start, end, ...field } of fields) {
    const inner = screenField(model, field, options);
    for (const [head, confidence] of inner.confidences.entries()) {
      result.confidences[head] = Math.max(result.confidences[head] as number, confidence);
    }
    for (const finding of inner.findings) {
      const from = Math.min(end, start + finding.start);
      result.findings.push({
        ...finding,
        start: from,
        end: Math.max(from, Math.min(end, start + finding.end)),
      });
    }
  }
  return result;
}

/** Screens one field: at most one finding per type, the surest. Keys are read as JSON keys. */
export function screenField(model: Model, field: Field, options: FieldOptions): FieldResult {
  const screen = new FieldScreen(model, options);
  if (isPlainText(field.text)) return screen.result;
  const nested = field.place === "value" ? readNestedJson(field.text) : undefined;
  let { result } = screen;
  if (nested !== undefined) result = screenNested(model, nested, options);
  else if (field.place === "key") screenKey(screen, field.text);
  else screen.screen(field.text, 0, undefined);
  return { confidences: result.confidences, findings: bestPerType(result.findings) };
}
