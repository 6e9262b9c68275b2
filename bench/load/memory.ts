import type { Host } from "./start-host.ts";

interface Sample {
  minutes: number;
  rssMb: number;
  heapMb: number;
}

const megabyte = 1024 * 1024;
const intervalMs = 5000;

/**
 * Samples a host's memory until it is told to stop, and renews its tokens on the way.
 *
 * @returns `stop`, which gives the samples
 */
export function watchMemory(host: Host): { stop: () => Promise<Sample[]> } {
  const samples: Sample[] = [];
  const startMs = performance.now();
  let under: Promise<void> = Promise.resolve();
  const take = async (): Promise<void> => {
    const { rssBytes, heapBytes } = await host.usage();
    samples.push({
      minutes: (performance.now() - startMs) / 60_000,
      rssMb: rssBytes / megabyte,
      heapMb: heapBytes / megabyte,
    });
    if (samples.length % 24 === 0) await host.refresh();
  };
  const timer = setInterval(() => {
    under = under.then(take);
  }, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await under;
      return samples;
    },
  };
}

/** Prints memory over time, and its slope over the second half, when all caches are warm. */
export function printMemory(samples: readonly Sample[]): void {
  console.log("\nmemory of the stack's process, after a garbage collection");
  console.log("  minute   rss MB   heap MB");
  const step = Math.max(1, Math.ceil(samples.length / 12));
  for (const { minutes, rssMb, heapMb } of samples.filter((_, index) => index % step === 0)) {
    console.log(`  ${cell(minutes, 6)} ${cell(rssMb, 8)} ${cell(heapMb, 9)}`);
  }
  const half = samples.slice(samples.length >> 1);
  const slope = (pick: (sample: Sample) => number) =>
    slopeOf(half.map((s) => [s.minutes, pick(s)]));
  console.log(
    `  slope of the second half: rss ${slope(({ rssMb }) => rssMb).toFixed(2)}, heap ${slope(({ heapMb }) => heapMb).toFixed(2)} MB a minute`,
  );
}

const cell = (value: number, width: number): string => value.toFixed(1).padStart(width);

/** Of the least-squares line. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const variance = mean(points.map(([x]) => (x - meanX) ** 2));
  return variance === 0 ? 0 : covariance / variance;
}
