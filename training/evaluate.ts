import type { Model } from "../lib/threats/model.ts";
import { screenField } from "../lib/threats/screen-field.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import { EVASIONS } from "./generate/evasions.ts";
import type { Label, Row } from "./read-rows.ts";

/** A text with what it is, as the evaluation needs it. */
export type Sample = { text: string; label: Label; types: readonly string[]; source: string };

/** The detector's answer on a sample. */
export type Judged = Sample & { confidences: readonly number[]; isOwn: boolean; isAny: boolean };

/** A row with every attack type it counts as. */
export function toSample({ text, label, also, source }: Omit<Row, "isPermissive">): Sample {
  return {
    text,
    label,
    types: [label, ...also].filter((type) => !type.startsWith("benign")),
    source,
  };
}

/** Whether the detector missed the attack, or took ordinary text for one. */
export function isMisjudged({ types, isOwn, isAny }: Judged): boolean {
  return types.length > 0 ? !isOwn : isAny;
}

const OPTIONS = { isHtmlAllowed: false, types: THREAT_TYPES };

/** Runs the shipped code path, fast path and decoding included, on every sample. */
export function judge(model: Model, samples: readonly Sample[]): Judged[] {
  return samples.map((sample) => {
    const { confidences } = screenField(
      model,
      { text: sample.text, pointer: "", place: "value" },
      OPTIONS,
    );
    const flagged = THREAT_TYPES.filter(
      (_, head) => (confidences[head] as number) >= model.threshold,
    );
    const isOwn = flagged.some((type) => sample.types.includes(type));
    return { ...sample, confidences, isOwn, isAny: flagged.length > 0 };
  });
}

/** Share of `items` for which `test` holds; 0 of none. */
export function shareOf<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(test).length / items.length;
}

/** Groups in the order of their keys. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** One bin of a reliability table. */
export type Bin = { from: number; count: number; confidence: number; observed: number };

const BINS = 10;

/**
 * Ten bins of stated probability against observed rate, and the expected calibration error. Attacks
 * of the class weigh `attackShare` of the whole, ordinary text the rest; other attacks are left out.
 */
export function reliability(
  judged: readonly Judged[],
  head: number,
  attackShare: number,
): { bins: Bin[]; error: number } {
  const type = THREAT_TYPES[head] as string;
  const positives = judged.filter(({ types }) => types.includes(type));
  const negatives = judged.filter(({ types }) => types.length === 0);
  const bins = Array.from({ length: BINS }, (_, i) => ({
    from: i / BINS,
    count: 0,
    weight: 0,
    sum: 0,
    hits: 0,
  }));
  const add = (group: readonly Judged[], share: number, isAttack: boolean) => {
    for (const { confidences } of group) {
      const confidence = confidences[head] as number;
      const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
      if (bin === undefined) continue;
      const weight = share / group.length;
      bin.count++;
      bin.weight += weight;
      bin.sum += weight * confidence;
      if (isAttack) bin.hits += weight;
    }
  };
  add(positives, attackShare, true);
  add(negatives, 1 - attackShare, false);
  const error = bins.reduce((total, { sum, hits }) => total + Math.abs(sum - hits), 0);
  return {
    bins: bins.map(({ from, count, weight, sum, hits }) => ({
      from,
      count,
      confidence: weight === 0 ? 0 : sum / weight,
      observed: weight === 0 ? 0 : hits / weight,
    })),
    error,
  };
}

/** Share of samples flagged (any type) after each evasion. */
export function evasionRates(model: Model, samples: readonly Sample[]): [string, number][] {
  return EVASIONS.map(({ name, apply }) => {
    const hidden = samples.map((sample) => ({
      ...sample,
      text: apply(sample.text.toWellFormed()),
    }));
    return [name, shareOf(judge(model, hidden), ({ isAny }) => isAny)];
  });
}
