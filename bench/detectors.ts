/**
 * Prints how often the degradation detectors raise a false alarm in 30 days and how long they take to
 * see two degradations, beside a static threshold; simulated, from fixed seeds.
 *
 *     node bench/detectors.ts [runs]
 */
import { seededRandom } from "./seeded-random.ts";
import type { Detector, Slowness, Traffic } from "./simulate-detectors.ts";
import {
  allSlower,
  cusumDetectors,
  detectionDelay,
  falseAlarms,
  fewMuchSlower,
  staticDetector,
} from "./simulate-detectors.ts";

const runs = Number(process.argv[2] ?? 40);
const hoursMax = 168;
/** Each baseline has an error of its own, so several are tried. */
const baselines = 10;
/** Of healthy calls, over all baselines; fewer where calls are many, for the slices are what counts. */
const daysByRate: Record<number, number> = { 20: 3_000, 200: 1_500, 2000: 300 };

const shapes = {
  "steady, sigma 0.5": { logDeviation: 0.5, hourlyDeviation: 0 },
  "heavy tail, sigma 1": { logDeviation: 1, hourlyDeviation: 0 },
  "restless, sigma 0.5, hours differ by 5 %": { logDeviation: 0.5, hourlyDeviation: 0.05 },
};

const detectors: Record<string, (traffic: Traffic, random: () => number) => Detector> = {
  "log-mean CUSUM": (traffic, random) => cusumDetectors(traffic, random).mean,
  "p95 CUSUM": (traffic, random) => cusumDetectors(traffic, random).tail,
  "both, as in the product": (traffic, random) => cusumDetectors(traffic, random).either,
  "static: p99 of the hour > 2 x baseline": staticDetector,
};

type MakeDetector = (typeof detectors)[string];

function alarms(make: MakeDetector, traffic: Traffic): string {
  let sum = 0;
  const days = (daysByRate[traffic.callsPerHour] ?? 100) / baselines;
  for (let index = 0; index < baselines; index++) {
    const random = seededRandom(7_777 * index + traffic.callsPerHour);
    sum += falseAlarms(make(traffic, random), traffic, days, random);
  }
  return (sum / baselines).toFixed(2);
}

/** Median delay in hours, and in how many runs it was seen at all where not in all. */
function delays(make: MakeDetector, traffic: Traffic, slowness: Slowness): string {
  const found = Array.from({ length: runs }, (_, run) => {
    const random = seededRandom(1_000 * run + traffic.callsPerHour);
    const detector = make(traffic, random);
    return (
      detectionDelay(detector, traffic, slowness, hoursMax, random) ?? Number.POSITIVE_INFINITY
    );
  }).sort((one, other) => one - other);
  const median = found[found.length >> 1] ?? Number.POSITIVE_INFINITY;
  const seen = found.filter(Number.isFinite).length;
  return `${Number.isFinite(median) ? median.toFixed(1) : "-"}${seen < runs ? ` (${seen}/${runs})` : ""}`;
}

console.log(`${runs} runs; delays are medians in hours, looked for during ${hoursMax} hours`);
for (const [shapeName, shape] of Object.entries(shapes)) {
  for (const callsPerHour of [20, 200, 2_000]) {
    console.log(`\n${shapeName}; ${callsPerHour} calls an hour`);
    const traffic = { callsPerHour, ...shape };
    const row = (make: MakeDetector) => ({
      "false alarms / 30 days": alarms(make, traffic),
      "+20 % on all": delays(make, traffic, allSlower),
      "4 % of calls 6 x slower": delays(make, traffic, fewMuchSlower),
    });
    console.table(
      Object.fromEntries(Object.entries(detectors).map(([name, make]) => [name, row(make)])),
    );
  }
}
