import { createHash } from "node:crypto";

/** A set that may take a stranger for a member, and never a member for a stranger. */
export interface BloomFilter {
  /** Look-ups per text. */
  hashes: number;
  bits: Uint8Array;
}

/** Bits per member and look-ups per text: a stranger is taken for a member once in 100,000 times. */
const bitsPerMember = 24;
const hashCount = 16;

/** Makes a filter of all members (Bloom, CACM 13(7), 1970). */
export function makeFilter(members: ReadonlySet<string>): BloomFilter {
  const filter = {
    hashes: hashCount,
    bits: new Uint8Array(Math.ceil((members.size * bitsPerMember) / 8)),
  };
  for (const member of members) {
    for (const bit of bitsOf(member, filter)) {
      filter.bits[bit >>> 3] = (filter.bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** Whether a text is a member, or is one of the few taken for one. */
export const filterHas = (filter: BloomFilter, text: string): boolean =>
  bitsOf(text, filter).every((bit) => ((filter.bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0);

/** Two halves of a digest make all positions (Kirsch and Mitzenmacher, 2006). */
function bitsOf(text: string, { hashes, bits }: BloomFilter): number[] {
  const digest = createHash("sha256").update(text).digest();
  const size = bits.length * 8;
  const first = digest.readUIntBE(0, 6);
  const step = digest.readUIntBE(6, 6);
  return Array.from({ length: hashes }, (_, index) => (first + index * (step % size)) % size);
}
