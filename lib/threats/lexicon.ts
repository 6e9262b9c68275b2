import { capacityFor } from "./grow-buffers.ts";
import { WORDS_OF_KIND, WORDS_WITH_TRAIT } from "./lexicon-words.ts";
import type { KindName } from "./token-kinds.ts";
import { Kind, Trait } from "./token-kinds.ts";

/** Start value of the word hash. */
export const HASH_START = 0x811c9dc5;

/** One step of the FNV-1a hash over character codes. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Hash of a whole word. */
export function hashWord(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i));
  return hash;
}

function collectEntries(): Map<number, number> {
  const entries = new Map<number, number>();
  for (const [kind, words] of Object.entries(WORDS_OF_KIND)) {
    for (const word of words.split(" ")) {
      const hash = hashWord(word);
      if (!entries.has(hash)) entries.set(hash, Kind[kind as KindName] << 16);
    }
  }
  for (const [trait, words] of Object.entries(WORDS_WITH_TRAIT)) {
    for (const word of words.split(" ")) {
      const hash = hashWord(word);
      const kind = entries.get(hash) ?? Kind.word << 16;
      entries.set(hash, kind | Trait[trait as keyof typeof Trait]);
    }
  }
  return entries;
}

const entries = collectEntries();
const MASK = capacityFor(entries.size * 4) - 1;
const hashes = new Int32Array(MASK + 1);
const values = new Int32Array(MASK + 1);
for (const [hash, value] of entries) {
  let slot = hash & MASK;
  while (values[slot] !== 0) slot = (slot + 1) & MASK;
  hashes[slot] = hash;
  values[slot] = value;
}

/** `kind << 16 | traits` of a word by its hash, 0 when the lexicon does not know it. */
export function lookUpWord(hash: number): number {
  for (let slot = hash & MASK; ; slot = (slot + 1) & MASK) {
    const value = values[slot] as number;
    if (value === 0 || hashes[slot] === hash) return value;
  }
}
