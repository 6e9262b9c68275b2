import type { ThreatType } from "../lib/threats/threat-type.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import type { Window } from "./extract-windows.ts";
import { extractWindows } from "./extract-windows.ts";
import { configurationText } from "./generate/benign-configuration.ts";
import { developerText } from "./generate/benign-developer.ts";
import { benignText, catalogueText } from "./generate/benign-text.ts";
import { EVASIONS } from "./generate/evasions.ts";
import { queryPayload } from "./generate/query-payloads.ts";
import type { RandomSource } from "./generate/random-source.ts";
import { scriptPayload } from "./generate/script-payloads.ts";
import { sqlPayload } from "./generate/sql-payloads.ts";
import { xssPayload } from "./generate/xss-payloads.ts";
import type { Label, Row } from "./read-rows.ts";

/** A text ready to learn from: its windows and which heads it is an attack for. */
export type Example = {
  windows: readonly Window[];
  label: Label;
  types: readonly ThreatType[];
  source: string;
  text: string;
};

const GENERATORS: Readonly<Record<ThreatType, (r: RandomSource) => string>> = {
  sql_injection: sqlPayload,
  xss: xssPayload,
  nosql_injection: queryPayload,
  script_injection: scriptPayload,
};

/** Polluting a prototype is an attack on queries and on code alike. */
const POLLUTION = /__proto__|constructor\W+prototype/;

/** Share of made-up ordinary text that developers wrote. */
const DEVELOPER_SHARE = 0.25;

/** Share of made-up ordinary text that stands in configuration files and manuals. */
const CONFIGURATION_SHARE = 0.12;

/** A script address by itself is an attack on pages and on what evaluates addresses alike. */
const SCRIPT_ADDRESS = /^["'\s]*(?:javascript|vbscript|data:text\/html)/i;

/** Encodings worth showing in training: the detector undoes the others before it looks. */
const SHOWN = EVASIONS.filter(
  ({ name }) => !["identity", "base64", "after 2 KB of prose"].includes(name),
);

function toExample(text: string, label: Label, also: readonly string[], source: string): Example {
  const types = THREAT_TYPES.filter((type) => type === label || also.includes(type));
  return { windows: extractWindows(text), label, types, source, text };
}

/**
 * True when an attack row shows at least one structural fact, of whatever class. Lists of payloads also
 * hold their own wrappers and comments (`<div id="91">`), which must not be learned as attacks.
 */
export function showsFact({ types, windows }: Example): boolean {
  return types.length === 0 || windows.length > 0;
}

/** Examples of stored rows. */
export function examplesOfRows(rows: readonly Row[]): Example[] {
  return rows.map((row) => toExample(row.text, row.label, row.also, row.source));
}

function embed(r: RandomSource, payload: string): string {
  const before = catalogueText(r);
  const after = catalogueText(r);
  const gap = () => r.pick([" ", " ", "\n", ". ", ": ", " - ", ", "]);
  return r.pick([
    before + gap() + payload,
    payload + gap() + after,
    before + gap() + payload + gap() + after,
    `{"name":${JSON.stringify(before)},"note":${JSON.stringify(payload)}}`,
    `name=${before}&note=${payload}`,
    `${before.split(" ")[0]}${payload}`,
    `"${payload}"`,
    JSON.stringify({ q: payload }),
  ]);
}

/** Copies of attack rows hidden in product text or behind an encoding. */
export function hiddenCopies(rows: readonly Row[], share: number, r: RandomSource): Example[] {
  return rows.flatMap((row) => {
    if (row.label.startsWith("benign") || !r.chance(share)) return [];
    const text = r.chance(0.7) ? embed(r, row.text) : hide(r, row.text);
    return [toExample(text, row.label, row.also, row.source)];
  });
}

/** `apply`, or the text itself when a lone surrogate in it cannot be percent-encoded. */
function hide(r: RandomSource, text: string): string {
  return r.pick(SHOWN).apply(text.toWellFormed());
}

function alsoOf(payload: string): string[] {
  if (POLLUTION.test(payload)) return ["nosql_injection", "script_injection"];
  return SCRIPT_ADDRESS.test(payload) ? ["xss", "script_injection"] : [];
}

/** Made-up attacks of every type, some of them hidden. */
export function generatedAttacks(perType: number, r: RandomSource): Example[] {
  return THREAT_TYPES.flatMap((type) =>
    Array.from({ length: perType }, () => {
      const payload = GENERATORS[type](r);
      const kind = r.next();
      const text = kind < 0.62 ? payload : kind < 0.86 ? embed(r, payload) : hide(r, payload);
      const also = alsoOf(payload);
      return toExample(text, type, also, `own:${type}`);
    }),
  );
}

function ordinaryText(r: RandomSource): string {
  const kind = r.next();
  if (kind < CONFIGURATION_SHARE) return configurationText(r);
  return kind < CONFIGURATION_SHARE + DEVELOPER_SHARE ? developerText(r) : benignText(r);
}

/** Made-up ordinary text; most of it is the kind that filters stumble over. */
export function generatedBenign(count: number, r: RandomSource): Example[] {
  return Array.from({ length: count }, () => {
    const text = ordinaryText(r);
    const isLong = r.chance(0.15);
    const whole = isLong
      ? [text, benignText(r), catalogueText(r)].join(r.pick([" ", "\n", "; "]))
      : text;
    return toExample(whole, "benign_hard", [], "own:benign");
  });
}

/** Ordinary rows quoted, joined and listed: catalogue punctuation around real text. */
export function punctuatedCopies(rows: readonly Row[], share: number, r: RandomSource): Example[] {
  return rows.flatMap((row, index) => {
    if (row.label !== "benign" && row.label !== "benign_hard") return [];
    if (!r.chance(share)) return [];
    const other = (rows[(index * 7 + 13) % rows.length] as Row).label.startsWith("benign")
      ? (rows[(index * 7 + 13) % rows.length] as Row).text
      : catalogueText(r);
    const text = r.pick([
      `"${row.text}"`,
      `'${row.text}'`,
      `${row.text}; ${other}`,
      `${row.text} | ${other}`,
      `${row.text} -- ${other}`,
      `${row.text}, ${r.int(1, 9)}/${r.int(2, 16)}"`,
      `${row.text} #${r.int(1, 99)}`,
      `${row.text} & ${other}`,
      `${row.text}\n${other}`,
      JSON.stringify({ name: row.text, note: other }),
      `<p>${row.text}</p><p>${other}</p>`,
      `${row.text}' x ${r.int(1, 9)}'`,
      `name=${row.text}&note=${other}`,
      encodeURIComponent(row.text.toWellFormed()),
      `(${row.text})`,
      `${row.text}/${other}`,
    ]);
    return [toExample(text, row.label, [], row.source)];
  });
}
