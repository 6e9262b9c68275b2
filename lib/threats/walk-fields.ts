import { Problem } from "../problem.ts";

/** Limits of one call. Beyond them the call is refused, not cut: `walkFields` throws. */
export const INPUT_LENGTH_MAX = 262_144;
export const FIELDS_MAX = 20_000;
export const DEPTH_MAX = 64;

/** One text inside the data: a string value or an object key, with its RFC 6901 pointer. */
export type Field = {
  text: string;
  pointer: string;
  place: "value" | "key";
  /** Units of `text` in front of the key that `pointer` names. */
  before?: number;
};

function tooLarge(limit: string): Problem {
  return new Problem("body-too-large", { detail: `Data to screen may have at most ${limit}.` });
}

function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

class Walk {
  readonly fields: Field[] = [];
  private length = 0;

  add(text: string, pointer: string, place: Field["place"]): void {
    this.length += text.length;
    if (this.length > INPUT_LENGTH_MAX) {
      throw tooLarge(`${INPUT_LENGTH_MAX} characters`);
    }
    if (this.fields.length >= FIELDS_MAX) {
      throw tooLarge(`${FIELDS_MAX} fields`);
    }
    if (text !== "") this.fields.push({ text, pointer, place });
  }

  visit(data: unknown, pointer: string, depth: number): void {
    if (depth > DEPTH_MAX) throw tooLarge(`${DEPTH_MAX} levels`);
    if (typeof data === "string") this.add(data, pointer, "value");
    else if (Array.isArray(data)) {
      for (const [index, item] of data.entries())
        this.visit(item, `${pointer}/${index}`, depth + 1);
    } else if (typeof data === "object" && data !== null) {
      if (Symbol.iterator in data)
        throw new TypeError("Data to screen is JSON: no Map, Set, Buffer");
      for (const [key, value] of Object.entries(data)) {
        const member = `${pointer}/${escapePointer(key)}`;
        this.add(key, member, "key");
        if (key === "prototype" && pointer.endsWith("/constructor")) this.addPath(member);
        this.visit(value, member, depth + 1);
      }
    }
  }

  /** The way to every object's prototype is an attack that neither of its two keys is alone. */
  private addPath(pointer: string): void {
    const text = "constructor.prototype";
    this.fields.push({ text, pointer, place: "key", before: "constructor.".length });
  }
}

/**
 * All strings and keys of JSON data, in document order. Throws `body-too-large` beyond 262,144
 * characters, 20,000 fields or 64 levels in one call, and a TypeError for what holds texts that JSON
 * does not show (a Map, a Buffer): what was not looked at is not called clean.
 */
export function walkFields(data: unknown): Field[] {
  const walk = new Walk();
  walk.visit(data, "", 0);
  return walk.fields;
}
