// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sample text contains template syntax
import { htmlDescription } from "./benign-html.ts";
import {
  ADJECTIVES,
  COMPANIES,
  PARTS,
  PLACES,
  SENTENCES,
  TECHNICAL,
  UNITS,
} from "./benign-words.ts";
import type { RandomSource } from "./random-source.ts";

function size(r: RandomSource): string {
  const whole = r.int(1, 48);
  const denominator = r.pick([2, 4, 8, 16, 32, 64]);
  const fraction = `${r.int(1, denominator - 1)}/${denominator}`;
  const unit = r.pick(UNITS);
  return r.pick([
    `${fraction}"`,
    `${whole}-${fraction}"`,
    `${whole}"`,
    `${whole}${r.pick(["½", "¼", "¾", "⅛"])}", ${whole}00#`,
    `${whole}${r.pick(["½", "¼", "¾"])}"`,
    `${whole}' ${r.int(0, 11)}"`,
    `${whole}'${r.int(0, 11)}"`,
    `${whole} ${unit}`,
    `${whole}${unit}`,
    `${whole}.${r.int(0, 99)}${unit}`,
    `${fraction}" NPT`,
    `M${r.int(2, 36)}x${r.int(1, 3)}.${r.int(0, 99)}`,
    `#${r.int(2, 14)}-${r.int(20, 40)} x ${fraction}"`,
    `${whole} x ${r.int(1, 99)} x ${r.int(1, 99)} ${unit}`,
    `${whole}" x ${r.int(1, 99)}"`,
    `Ø${whole} ${unit}`,
    `±0.${r.int(1, 99)}${unit}`,
    `+0.00/-0.0${r.int(1, 9)}`,
    `${whole}#`,
    `${whole}°`,
    `>${whole} ${unit}`,
    `<= ${whole}${unit}`,
    `${whole}-${r.int(50, 99)} ${unit}`,
    `${whole}%`,
    `(${whole}${unit})`,
    `${fraction}''`,
    `${whole} ft. ${r.int(1, 11)} in.`,
    `@ ${whole} ${unit}`,
    `1:${whole}`,
    `-${whole} to +${r.int(50, 200)}°C`,
  ]);
}

function partNumber(r: RandomSource): string {
  const letters = r.several(
    ["A", "B", "C", "X", "Z", "SS", "HX", "OR", "IN", "ID", "SQL", "LS", "AND", "DIR"],
    1,
    2,
    "",
  );
  const n = r.int(1, 99999);
  return r.pick([
    `${letters}-${n}`,
    `${letters}${n}`,
    `${n}-${letters}`,
    `${letters}-${n}/${r.int(1, 9)}`,
    `#${n}`,
    `${letters}.${n}.${r.int(1, 99)}`,
    `${n}-${r.int(100, 999)}-${r.int(10, 99)}`,
    `${letters}_${n}`,
    `P/N: ${letters}${n}`,
    `${letters}${n}#${r.int(1, 9)}`,
    `${letters}-${n}--${letters}`,
    `(${letters})${n}`,
    `0x${n.toString(16)}`,
    `${n}e${r.int(1, 9)}`,
    `${letters}=${n}`,
    `${letters}${n};${letters}`,
    `${r.int(0, 2 ** 31).toString(16)}-${r.int(0, 65535).toString(16)}`,
  ]);
}

function product(r: RandomSource): string {
  const part = r.pick(PARTS);
  const name = r.chance(0.3) ? part.toUpperCase() : part;
  const separator = r.pick([", ", ", ", " ", " - ", "; ", " | ", " / ", " -- ", ",", " & ", ": "]);
  const pieces = [name];
  for (let i = r.int(1, 4); i > 0; i--)
    pieces.push(
      r.pick([
        () => size(r),
        () => r.pick(ADJECTIVES),
        () => size(r),
        () => partNumber(r),
        () => `(${r.pick(ADJECTIVES)})`,
        () => `"${r.pick(ADJECTIVES)}"`,
        () => `${r.pick(PARTS)}`,
      ])(),
    );
  return pieces.join(separator);
}

function record(r: RandomSource): string {
  const separator = r.pick(["|", " | ", ";", "; ", ",", "\t", "&", "\n", " / "]);
  const link = r.pick(["=", ": ", ":", " = ", "="]);
  const keys = [
    "sku",
    "name",
    "size",
    "color",
    "material",
    "finish",
    "id",
    "type",
    "qty",
    "price",
    "where_used",
    "group",
    "order",
    "select",
    "from",
    "set",
    "user",
    "host",
    "time",
    "date",
  ];
  return Array.from(
    { length: r.int(2, 7) },
    () =>
      `${r.pick(keys)}${link}${r.pick([size(r), r.pick(ADJECTIVES), partNumber(r), String(r.int(1, 999)), r.pick(PARTS)])}`,
  ).join(separator);
}

function json(r: RandomSource): string {
  const value: Record<string, unknown> = {};
  const keys = [
    "name",
    "sku",
    "price",
    "description",
    "$schema",
    "$ref",
    "type",
    "id",
    "qty",
    "notes",
    "address",
    "company",
    "tags",
    "enabled",
    "path",
    "command",
    "select",
    "user",
    "env",
    "scripts",
    "exec",
    "host",
    "port",
    "version",
    "require",
    "include",
  ];
  for (let i = r.int(1, 6); i > 0; i--) {
    const key = r.pick(keys);
    value[key] = r.pick<unknown>([
      product(r),
      r.int(1, 999),
      true,
      null,
      [r.pick(ADJECTIVES), r.pick(PARTS)],
      { [r.pick(["unit", "id", "type"])]: r.pick(UNITS) },
      r.pick(COMPANIES),
      "https://example.com/schema.json",
      "#/definitions/x",
      r.pick(SENTENCES),
      "node index.js",
      "./src/**/*.ts",
      "^1.2.0",
      "${workspaceFolder}/out",
      "{env.HOST}",
      "*",
      "",
      "npm run build && npm test",
      "^[a-z]+$",
    ]);
  }
  return JSON.stringify(value, null, r.pick([0, 0, 2]));
}

function contact(r: RandomSource): string {
  return r.pick([
    r.pick(COMPANIES),
    `${r.pick(COMPANIES)}, ${r.pick(PLACES)}`,
    r.pick(PLACES),
    `${r.int(1, 9999)} ${r.pick(PLACES)}`,
    `${r.name()}.${r.name()}@${r.name()}.${r.pick(["com", "org", "cat", "de", "co.uk", "io"])}`,
    `+${r.int(1, 99)} (${r.int(100, 999)}) ${r.int(100, 999)}-${r.int(1000, 9999)} ext. ${r.int(1, 99)}`,
    `${r.int(100, 999)}-${r.int(100, 999)}-${r.int(1000, 9999)}`,
    `Attn: ${r.name()} O'${r.name()}`,
    `${r.name()} & ${r.name()}, Inc.`,
    `https://www.${r.name()}.com/${r.name()}/${r.name()}.html?id=${r.int(1, 999)}&cat=${r.int(1, 9)}#${r.name()}`,
    `http://${r.name()}.org/index.php?option=com_content&view=article&id=${r.int(1, 99)}`,
    `www.${r.name()}.de`,
    `${r.int(2000, 2030)}-${r.int(10, 12)}-${r.int(10, 28)}T10:00:00Z`,
    `$${r.int(1, 999)}.${r.int(10, 99)}`,
    `(${r.name()}'s)`,
    `"${r.name()}" <${r.name()}@${r.name()}.com>`,
    `${r.name()}; ${r.name()}; ${r.name()}`,
    `lat=${r.next().toFixed(4)}, lon=-${r.next().toFixed(4)}`,
    `pass-${r.name()}!${r.int(1, 99)}#$`,
    `${r.name()}'${r.name()}"${r.int(1, 99)}`,
  ]);
}

function prose(r: RandomSource): string {
  return r.pick([
    () => r.pick(SENTENCES),
    () => `${r.pick(SENTENCES)} ${r.pick(SENTENCES)}`,
    () => `${product(r)}. ${r.pick(SENTENCES)}`,
    () => r.several(SENTENCES, 2, 6, " "),
    () => `${r.pick(COMPANIES)}: ${product(r)}`,
    () => `${r.pick(PARTS)}; ${r.pick(SENTENCES)}`,
  ])();
}

function scramble(r: RandomSource, text: string): string {
  return r.pick([
    text,
    text,
    text,
    text.toUpperCase(),
    `"${text}"`,
    `'${text}'`,
    `(${text})`,
    `${text}; ${product(r)}`,
    `${text} -- ${r.pick(ADJECTIVES)}`,
    `${text} #${r.int(1, 99)}`,
    `${text} | ${r.pick(PARTS)}`,
    `* ${text}`,
    `- ${text}`,
    `> ${text}`,
    `${text}...`,
    `[${text}]`,
    `${text} & ${r.pick(PARTS)}`,
    text.replaceAll('"', "&quot;"),
    text.replaceAll("&", "&amp;"),
    encodeURIComponent(text),
    text.replaceAll(" ", "+"),
    text.replaceAll('"', '""'),
    JSON.stringify(text),
    text.replaceAll("'", "’"),
    text.replaceAll(" ", "\u00a0"),
    `${text}'`,
    `${text}"`,
    `${r.pick(PARTS)} "${text}`,
    `${text}\n${product(r)}`,
    text.replaceAll("'", "&#39;"),
    `${text};`,
    `${text} = ${size(r)}`,
    `${text},`,
    `${r.int(1, 9)}) ${text}`,
  ]);
}

function technical(r: RandomSource): string {
  const a = r.pick(TECHNICAL);
  return r.pick([
    () => a,
    () => a,
    () => `${a} ${r.pick(TECHNICAL)}`,
    () => a.toLowerCase(),
    () => `${r.pick(["How to", "Why does", "Error:", "Note:", "Question about", "[closed]"])} ${a}`,
    () => `${a} (${r.name()})`,
    () => `\`${r.name()}\` - ${a}`,
  ])();
}

/** Text a manufacturer may well submit: catalogue lines, addresses, prose, records, HTML, questions. */
export function benignText(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.22) return scramble(r, product(r));
  if (kind < 0.36) return scramble(r, contact(r));
  if (kind < 0.54) return scramble(r, prose(r));
  if (kind < 0.62) return record(r);
  if (kind < 0.69) return json(r);
  if (kind < 0.79)
    return htmlDescription(r, () => r.pick([() => product(r), () => prose(r), () => contact(r)])());
  if (kind < 0.92) return technical(r);
  return r.pick([
    () =>
      `"${r.pick(["$schema", "$ref", "$id", "$defs", "$comment", "$anchor", "$text", "$json", "id", "select", "env", "user", "exec", "constructor_id", "price ($)", "size (in)", '1/2" qty', "order-by", "a.b.c", "/api/v1", "@type", "#text", "x-y", "on", "table", "data[]", "items[0]"])}":`,
    () => partNumber(r),
    () => size(r),
    () => `${size(r)} ${size(r)}`,
    () => `${partNumber(r)} ${partNumber(r)}`,
  ])();
}

/** Plain catalogue prose, for payloads to hide in. */
export function catalogueText(r: RandomSource): string {
  return r.chance(0.6) ? product(r) : prose(r);
}
