/** Uniform numbers in (0, 1) from a fixed seed (mulberry32), so that every run sees the same samples. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}

/** A standard normal number (Box and Muller). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

/** Latencies in milliseconds, of several shapes. */
export const shapes: Record<string, (seed: number) => () => number> = {
  "lognormal, narrow": (seed) => {
    const random = seededRandom(seed);
    return () => 8 * Math.exp(0.3 * normal(random));
  },
  "lognormal, heavy tail": (seed) => {
    const random = seededRandom(seed);
    return () => 3 * Math.exp(1.2 * normal(random));
  },
  uniform: (seed) => {
    const random = seededRandom(seed);
    return () => 1 + 99 * random();
  },
  exponential: (seed) => {
    const random = seededRandom(seed);
    return () => -20 * Math.log(random());
  },
  "two humps, 3 % cold starts": (seed) => {
    const random = seededRandom(seed);
    return () => (random() < 0.03 ? 400 : 6) * Math.exp(0.25 * normal(random));
  },
  "Pareto, power-law tail": (seed) => {
    const random = seededRandom(seed);
    return () => 2 / random() ** (1 / 1.8);
  },
  microseconds: (seed) => {
    const random = seededRandom(seed);
    return () => 0.004 * Math.exp(0.5 * normal(random));
  },
};
