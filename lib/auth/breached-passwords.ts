import type { BloomFilter } from "./bloom-filter.ts";
import { filterHas } from "./bloom-filter.ts";
import packed from "./breached-passwords.json" with { type: "json" };
import { lettersOf } from "./password-forms.ts";

const filter: BloomFilter = { hashes: packed.hashes, bits: Buffer.from(packed.bits, "base64") };

/**
 * Whether a text, punctuation and letter case aside, is among passwords found in breaches or is a
 * sentence that everybody knows. Of other passwords, one in 100,000 is refused by mistake.
 */
export const isBreached = (text: string): boolean => {
  const letters = lettersOf(text);
  return letters !== "" && filterHas(filter, letters);
};
