import { normal, seededRandom } from "../../../bench/seeded-random.ts";

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
