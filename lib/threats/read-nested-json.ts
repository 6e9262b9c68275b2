import { Problem } from "../problem.ts";
import type { Field } from "./walk-fields.ts";
import { walkFields } from "./walk-fields.ts";

/** A field of JSON inside a string, and where in the string its text stands. */
export type NestedField = Field & { start: number; end: number };

/** Length of JSON text without the white space between its tokens. */
function compactLength(source: string): number {
  let length = 0;
  let isInString = false;
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (isInString && code === 0x5c) {
      length += 2;
      i++;
      continue;
    }
    if (code === 0x22) isInString = !isInString;
    if (isInString || code > 0x20) length++;
  }
  return length;
}

function parse(source: string): unknown {
  try {
    const value: unknown = JSON.parse(source);
    if (typeof value !== "object" || value === null) return undefined;
    // A repeated member is lost by parsing: what would hide there must be screened as raw text.
    return JSON.stringify(value).length === compactLength(source) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Field[] | undefined {
  try {
    return walkFields(value);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/**
 * The fields of a string that is itself a JSON object or array (RFC 8259), so that its structure is
 * not mistaken for content. `undefined` when it is not, or cannot be taken apart without loss.
 */
export function readNestedJson(source: string): NestedField[] | undefined {
  const first = source.trimStart().charAt(0);
  if (first !== "{" && first !== "[") return undefined;
  const value = parse(source);
  const fields = value === undefined ? undefined : fieldsOf(value);
  let cursor = 0;
  return fields?.map((field) => {
    const written = JSON.stringify(field.text).slice(1, -1);
    const at = source.indexOf(written, cursor);
    if (at >= 0) cursor = at + written.length;
    return { ...field, start: Math.max(0, at), end: at < 0 ? source.length : cursor };
  });
}
