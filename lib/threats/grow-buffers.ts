/** Smallest power of two that holds `needed`, so that buffers reused across calls grow rarely. */
export function capacityFor(needed: number): number {
  let capacity = 1024;
  while (capacity < needed) capacity *= 2;
  return capacity;
}
