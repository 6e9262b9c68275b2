import { randomFillSync } from "node:crypto";

/** `length` fresh random bytes. The caller owns them. */
export type RandomSource = (length: number) => Uint8Array;

const poolBytes = 4_096;

/**
 * Draws randomness in blocks, because each draw costs more than sealing a small record. Only for
 * values that are published (salts, initialization vectors): drawn bytes wait in memory. The first
 * draw happens on first use, so a snapshot of a fresh process holds no randomness to repeat.
 */
export function createRandomPool(): RandomSource {
  let pool = new Uint8Array(0);
  let offset = 0;
  return (length) => {
    if (length > poolBytes) return randomFillSync(new Uint8Array(length));
    if (offset + length > pool.length) {
      // A new block rather than a refill: what was handed out stays as it was.
      pool = randomFillSync(new Uint8Array(poolBytes));
      offset = 0;
    }
    offset += length;
    return pool.subarray(offset - length, offset);
  };
}
