import { seededRandom } from "./seeded-random.ts";
import type { Detector, DrawCalls } from "./simulate-detectors.ts";
import {
  allSlower,
  cusumDetectors,
  detectionDelay,
  falseAlarms,
  fewMuchSlower,
  staticDetector,
} from "./simulate-detectors.ts";

const rates = [20, 200, 2_000];
const repeats = Number(process.argv[2] ?? 40);
const hoursMax = 168;
/** Fewer days where calls are many: the number of slices is what counts. */
const daysByRate: Record<number, number> = { 20: 3_000, 200: 1_500, 2000: 300 };

const detectors: Record<string, (rate: number, random: () => number) => Detector> = {
  "log-mean CUSUM": (rate, random) => cusumDetectors(rate, random).mean,
  "p95 CUSUM": (rate, random) => cusumDetectors(rate, random).tail,
  "both (the product)": (rate, random) => cusumDetectors(rate, random).either,
  "static: p99 of the hour > 2 x baseline": staticDetector,
};

/** Median delay in hours, and the share of runs that saw it at all. */
function delays(name: string, rate: number, how: DrawCalls): string {
  const found: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = seededRandom(1_000 * repeat + rate);
    const detector = detectors[name]?.(rate, random);
    const delay = detector && detectionDelay(detector, rate, how, hoursMax, random);
    found.push(delay ?? Number.POSITIVE_INFINITY);
  }
  found.sort((one, other) => one - other);
  const middle = found[found.length >> 1] ?? Number.NaN;
  const seen = found.filter(Number.isFinite).length;
  return `${Number.isFinite(middle) ? middle.toFixed(1) : "-"}${seen < found.length ? ` (${seen}/${found.length})` : ""}`;
}

/** Several baselines, since each has its own error. */
function alarms(name: string, rate: number): string {
  const baselines = 10;
  let sum = 0;
  for (let index = 0; index < baselines; index++) {
    const random = seededRandom(7_777 * index + rate);
    const detector = detectors[name]?.(rate, random);
    if (detector) sum += falseAlarms(detector, rate, (daysByRate[rate] ?? 100) / baselines, random);
  }
  return (sum / baselines).toFixed(2);
}

console.log(
  `lognormal latencies, sigma 0.5; Poisson arrivals; ${repeats} runs; delays are medians in hours, at most ${hoursMax}`,
);
for (const rate of rates) {
  console.log(`\n${rate} calls an hour`);
  console.table(
    Object.fromEntries(
      Object.keys(detectors).map((name) => [
        name,
        {
          "false alarms / 30 days": alarms(name, rate),
          "+20 % on all": delays(name, rate, allSlower),
          "4 % of calls 6 x slower": delays(name, rate, fewMuchSlower),
        },
      ]),
    ),
  );
}
