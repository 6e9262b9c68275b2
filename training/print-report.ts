import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import type { Judged } from "./evaluate.ts";
import { groupBy, isMisjudged, reliability, shareOf } from "./evaluate.ts";

/** Share of attacks in the mix that probabilities are stated for: fields are mostly ordinary. */
export const ATTACK_SHARE = 1 / 20;

/** A platform under attack, for which the error is stated too. */
const HEAVY_SHARE = 1 / 3;

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Recall per class and false alarms, in total and by source. */
export function printRates(title: string, judged: readonly Judged[]): void {
  console.log(`\n## ${title}`);
  for (const [label, group] of groupBy(judged, ({ label }) => label)) {
    const isBenign = label.startsWith("benign");
    const rate = shareOf(group, ({ isOwn, isAny }) => (isBenign ? isAny : isOwn));
    const sources = groupBy(group, ({ source }) => source);
    const mean =
      sources.reduce(
        (sum, [, rows]) => sum + shareOf(rows, (row) => (isBenign ? row.isAny : row.isOwn)),
        0,
      ) / sources.length;
    console.log(
      `${label.padEnd(18)} n=${String(group.length).padStart(6)}  ${isBenign ? "flagged" : "recall "} ${percent(rate)}  mean over sources ${percent(mean)}  any type ${percent(shareOf(group, ({ isAny }) => isAny))}`,
    );
    for (const [source, rows] of sources) {
      console.log(
        `    ${source.padEnd(44)} n=${String(rows.length).padStart(6)}  ${percent(shareOf(rows, (row) => (isBenign ? row.isAny : row.isOwn)))}`,
      );
    }
  }
}

function isMeasurable(judged: readonly Judged[], type: string): boolean {
  return (
    judged.some(({ types }) => types.includes(type)) &&
    judged.some(({ types }) => types.length === 0)
  );
}

/** Calibration per class: the error and the reliability table. */
export function printReliability(title: string, judged: readonly Judged[]): void {
  console.log(`\n## Calibration, ${title} (${percent(ATTACK_SHARE)} attacks of the class)`);
  for (const [head, type] of THREAT_TYPES.entries()) {
    if (!isMeasurable(judged, type)) {
      console.log(`${type.padEnd(18)} needs attacks of the class and ordinary text`);
      continue;
    }
    const { bins, error } = reliability(judged, head, ATTACK_SHARE);
    const heavy = reliability(judged, head, HEAVY_SHARE).error;
    console.log(
      `${type.padEnd(18)} ECE ${error.toFixed(4)}, with ${percent(HEAVY_SHARE)} attacks ${heavy.toFixed(4)}`,
    );
    const row = bins.map(({ count, confidence, observed }) =>
      count === 0 ? "-" : `${confidence.toFixed(2)}/${observed.toFixed(2)} (${count})`,
    );
    console.log(`    stated/observed (n): ${row.join("  ")}`);
  }
}

/** Every misjudged row as a line of JSON, with the probability stated per type. */
export function printErrors(judged: readonly Judged[]): void {
  console.log("\n## Misjudged");
  for (const { confidences, label, source, text } of judged.filter(isMisjudged)) {
    const stated = THREAT_TYPES.map((type, head) => [type, confidences[head]] as const);
    console.log(JSON.stringify({ label, source, text, confidences: Object.fromEntries(stated) }));
  }
}

/** A table of evasions (rows) by class (columns). */
export function printEvasions(
  columns: readonly (readonly [string, readonly (readonly [string, number])[]])[],
): void {
  console.log("\n## Evasions: share flagged, any type, by models that saw no row of the source");
  console.log("".padEnd(28) + columns.map(([type]) => type.padStart(18)).join(""));
  const names = columns[0]?.[1].map(([name]) => name) ?? [];
  for (const [index, name] of names.entries()) {
    console.log(
      name.padEnd(28) +
        columns.map(([, rates]) => (rates[index]?.[1] ?? 0).toFixed(3).padStart(18)).join(""),
    );
  }
}

const THRESHOLDS = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

/** What each possible threshold would give: where the one in the model stands. */
export function printThresholds(title: string, judged: readonly Judged[]): void {
  console.log(`\n## Thresholds, ${title}`);
  for (const threshold of THRESHOLDS) {
    const flagged = (label: string) =>
      shareOf(
        judged.filter((row) => row.label === label),
        ({ confidences }) => confidences.some((c) => c >= threshold),
      );
    const recalls = THREAT_TYPES.map((type, head) =>
      shareOf(
        judged.filter(({ types }) => types.includes(type)),
        ({ confidences }) => (confidences[head] as number) >= threshold,
      ),
    );
    console.log(
      `${threshold.toFixed(2)}  plain ${(100 * flagged("benign")).toFixed(3)} %  hard ${(100 * flagged("benign_hard")).toFixed(3)} %  recall ${recalls.map((share) => share.toFixed(4)).join(" ")}`,
    );
  }
}
