import fc from "fast-check";
import { EVASIONS } from "./generate/evasions.ts";
import { queryPayload } from "./generate/query-payloads.ts";
import { RandomSource } from "./generate/random-source.ts";
import { scriptPayload } from "./generate/script-payloads.ts";
import { sqlPayload } from "./generate/sql-payloads.ts";
import { xssPayload } from "./generate/xss-payloads.ts";

const GENERATORS = [sqlPayload, xssPayload, queryPayload, scriptPayload];

/** A made-up attack behind one encoding, with a few of its characters cut, doubled or replaced. */
export function mutatedPayload(seed: number): string {
  const r = new RandomSource(seed);
  const { apply } = r.pick(EVASIONS);
  const units = [...apply(r.pick(GENERATORS)(r).toWellFormed())];
  for (let i = r.int(0, 4); i > 0; i--) {
    const at = r.int(0, units.length);
    const replacement = r.pick([
      "",
      "\0",
      "%",
      "&#",
      "\\",
      "'",
      '"',
      "<",
      "\ud800",
      "\u200b",
      "\uff1c",
      "{",
      "/*",
      String.fromCharCode(r.int(0, 65_535)),
    ]);
    units.splice(at, r.int(0, 2), replacement);
  }
  return units.join("");
}

/** Mutated attacks as a fast-check arbitrary. */
export function hostileText(): fc.Arbitrary<string> {
  return fc.nat().map(mutatedPayload);
}
