import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";

/** What a row is: an attack of one type, ordinary text, or ordinary text that looks suspicious. */
export type Label = (typeof THREAT_TYPES)[number] | "benign" | "benign_hard";

/** One labelled text. `also` lists further attack types it belongs to. */
export type Row = {
  text: string;
  label: Label;
  also: readonly string[];
  source: string;
  isPermissive: boolean;
};

export const LABELS: readonly Label[] = [...THREAT_TYPES, "benign", "benign_hard"];

/** Licences that let weights be derived without conditions on the result beyond attribution. */
const PERMISSIVE = new Set([
  "MIT",
  "BSD-3/CC-BY-3.0",
  "Apache-2.0",
  "CC0-1.0",
  "ODC-PDDL (datapackage)",
  "CC-BY-4.0",
  "own",
]);

type StoredRow = { text: string; source: string; licence: string; also?: readonly string[] };

const labelledRow = z.strictObject({
  text: z.string(),
  label: z.enum(LABELS),
  source: z.string(),
  also: z.array(z.enum(THREAT_TYPES)).default([]),
});

/** Reads lines of `{text, label, source, also?}`. Throws with the line's number on any other. */
export function readLabelledRows(path: string): z.infer<typeof labelledRow>[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [labelledRow.parse(JSON.parse(line))];
    } catch (error) {
      throw new Error(`${path}, line ${index + 1} is no labelled row`, { cause: error });
    }
  });
}

/** Reads every labelled file of `directory`; the source is the repository without the path in it. */
export function readRows(directory: string): Row[] {
  return LABELS.flatMap((label) => {
    const lines = gunzipSync(readFileSync(join(directory, `${label}.jsonl.gz`))).toString("utf8");
    return lines
      .trim()
      .split("\n")
      .map((line): Row => {
        const stored = JSON.parse(line) as StoredRow;
        return {
          text: stored.text,
          label,
          also: stored.also ?? [],
          source: (stored.source.split(":")[0] as string).split(" ")[0] as string,
          isPermissive: PERMISSIVE.has(stored.licence),
        };
      });
  });
}
