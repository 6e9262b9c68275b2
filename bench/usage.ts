/**
 * Prints what a charge costs, as ratios to a bare UpdateItem in one interleaved run on the emulator,
 * in requests and units, and whether what was admitted is what is stored. Ratios carry over to DynamoDB better than the
 * milliseconds do; conflicts between transactions, which an emulator has none of, do not show here.
 *
 *     npm install --prefix bench   (once, for the peer)
 *     node bench/usage.ts
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { credentials, region } from "../local/aws-account.ts";
import { startEmulator } from "../local/emulator.ts";
import { countConsumption } from "./usage/consumption.ts";
import type { Contender, MakeContender } from "./usage/contender.ts";
import { createTable } from "./usage/create-table.ts";
import { ourCounter } from "./usage/our-counters.ts";
import { rawUpdate, readThenUpdate } from "./usage/plain-counters.ts";
import { rateLimiterFlexible } from "./usage/rate-limiter-flexible.ts";

const rounds = 20;
const callsPerRound = 60;
/** Each of ten environments looks once. */
const warmUpCalls = 10;
const width = 50;
const farAway = 1_000_000;
const limit = 1_000;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

async function timeCalls({ charge }: Contender, count: number): Promise<number[]> {
  const durations: number[] = [];
  for (let call = 0; call < count; call += 1) {
    const startMs = performance.now();
    await charge();
    durations.push(performance.now() - startMs);
  }
  return durations;
}

/** Calls that are made `width` at a time; answers how many were admitted. */
async function charges({ charge }: Contender, count: number): Promise<number> {
  let started = 0;
  let admitted = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (started++ < count) if (await charge()) admitted += 1;
    }),
  );
  return admitted;
}

async function compareLatency(contenders: readonly Contender[]): Promise<void> {
  const durations = new Map(contenders.map((contender) => [contender, [] as number[]]));
  for (const contender of contenders) await timeCalls(contender, callsPerRound);
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, all] of durations)
      all.push(...(await timeCalls(contender, callsPerRound)));
  }
  const [floor = []] = durations.values();
  console.log(`\none after another, ${rounds * callsPerRound} calls each`);
  for (const [{ name }, all] of durations) {
    const [p50, p99] = [quantile(all, 0.5), quantile(all, 0.99)];
    console.log(
      `  ${name.padEnd(44)} p50 ${p50.toFixed(2)} ms ${(p50 / quantile(floor, 0.5)).toFixed(2)}x   p99 ${p99.toFixed(2)} ms ${(p99 / quantile(floor, 0.99)).toFixed(2)}x`,
    );
  }
}

async function compareThroughput(contenders: readonly Contender[]): Promise<void> {
  const rates = new Map(contenders.map((contender) => [contender, [] as number[]]));
  for (let round = 0; round < 5; round += 1) {
    for (const [contender, all] of rates) {
      const startMs = performance.now();
      await charges(contender, 200);
      all.push(200_000 / (performance.now() - startMs));
    }
  }
  const [floor = []] = rates.values();
  console.log(`\n${width} at a time on one counter`);
  for (const [{ name }, all] of rates) {
    const rate = quantile(all, 0.5);
    console.log(
      `  ${name.padEnd(44)} ${rate.toFixed(0).padStart(6)} a second ${(rate / quantile(floor, 0.5)).toFixed(2)}x`,
    );
  }
}

/** Of warm charges, one after another. */
async function compareConsumption(contenders: readonly Contender[]): Promise<void> {
  console.log("\na charge in requests and units");
  for (const contender of contenders) {
    await timeCalls(contender, warmUpCalls);
    consumption.take();
    await timeCalls(contender, callsPerRound);
    const { requests, units } = consumption.take();
    const [perCharge, unitsEach] = [requests, units].map((sum) => (sum / callsPerRound).toFixed(2));
    console.log(`  ${contender.name.padEnd(44)} ${perCharge} requests, ${unitsEach} units`);
  }
}

async function compareExactness(makers: readonly MakeContender[]): Promise<void> {
  console.log(`\n${2 * limit} at a limit of ${limit}, ${width} at a time`);
  for (const make of makers) {
    const contender = await make(limit);
    if (!contender.stored) continue;
    const admitted = await charges(contender, 2 * limit);
    console.log(
      `  ${contender.name.padEnd(44)} admitted ${admitted}, stored ${await contender.stored()}`,
    );
  }
}

const emulator = await startEmulator();
const documents = DynamoDBDocumentClient.from(
  new DynamoDBClient({ endpoint: emulator.url, region, credentials }),
);
const consumption = countConsumption(documents);
await createTable(documents, "usage");
const peer = await rateLimiterFlexible(emulator.url);
if (!peer)
  console.log("skipped: rate-limiter-flexible is not installed (npm install --prefix bench)");

const makers: MakeContender[] = [
  rawUpdate(documents),
  ourCounter(documents, { name: "ours, without a key", resource: "api_calls", hasKey: false }),
  ourCounter(documents, {
    name: "ours, without a key, from leases",
    resource: "api_calls",
    hasKey: false,
    hasLeases: true,
  }),
  ourCounter(documents, { name: "ours, with a key", resource: "api_calls", hasKey: true }),
  ourCounter(documents, {
    name: "ours, with a key, ten environments",
    resource: "api_calls",
    hasKey: true,
    environments: 10,
  }),
  readThenUpdate(documents),
  ...(peer ? [peer] : []),
];
await compareLatency(await Promise.all(makers.map((make) => make(farAway))));
await compareThroughput(await Promise.all(makers.map((make) => make(farAway))));
await compareConsumption(await Promise.all(makers.map((make) => make(farAway))));
await compareExactness(makers);
documents.destroy();
await emulator.kill();
process.exit(0);
