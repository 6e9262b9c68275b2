/**
 * Breaks what the local stack stands on while it is in use, and holds it to what it promised: answers
 * of DynamoDB and KMS get lost, calls are throttled, fail, or take a second, and the database process
 * is killed with SIGKILL and started again. Exits with 1 when a promise is broken.
 *
 *     npm run bench:chaos -- [--seconds 10]   (of each phase)
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { FaultInput } from "../local/faults.ts";
import type { Stack } from "../local/stack.ts";
import { startStack } from "../local/stack.ts";
import { newOperator, newPerson, Tally } from "./chaos/scene.ts";
import type { Witness } from "./chaos/witnesses.ts";
import {
  chargeWitness,
  envelopeWitness,
  keylessWitness,
  memberWitness,
  quotaWitness,
  replayWitness,
  sessionWitness,
} from "./chaos/witnesses.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const phaseMs = Number(values.seconds) * 1000;
const killsEach = 3;
/** Each shows two new codes in half a minute. */
const phones = 6;
const recoveryMs = 60_000;

const services = ["dynamodb", "kms"] as const;
const both = (fault: Omit<FaultInput, "service">): FaultInput[] =>
  services.map((service) => ({ service, ...fault }));

interface Phase {
  name: string;
  faults: FaultInput[];
  kills?: number;
}

const phases: readonly Phase[] = [
  { name: "all well", faults: [] },
  { name: "30 % of answers lost", faults: both({ mode: "lose-response", rate: 0.3 }) },
  { name: "50 % throttled", faults: both({ mode: "throttle", rate: 0.5 }) },
  { name: "50 % fail", faults: both({ mode: "error", rate: 0.5 }) },
  { name: "30 % take 1 s more", faults: both({ mode: "latency", rate: 0.3, delayMs: 1000 }) },
  { name: "database killed", faults: [], kills: killsEach },
  {
    name: "killed, 30 % lost",
    faults: both({ mode: "lose-response", rate: 0.3 }),
    kills: killsEach,
  },
];

/** Each acts again and again, by itself, until it is told to stop. */
function keepActing(witnesses: readonly Witness[]): { stop: () => Promise<void> } {
  let isOver = false;
  const runs = witnesses.map(async ({ act }) => {
    while (!isOver) await act();
  });
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(runs);
    },
  };
}

async function runPhase(stack: Stack, { faults, kills = 0 }: Phase): Promise<void> {
  for (const fault of faults) stack.faults(fault);
  if (kills === 0) await delay(phaseMs);
  for (let kill = 0; kill < kills; kill += 1) {
    await delay(phaseMs / kills);
    await stack.restartDatabase();
  }
  for (const service of services) stack.faults({ service, mode: "none" });
}

const pad = (cells: readonly (string | number)[], width: number): string =>
  cells.map((text) => String(text).padStart(width)).join("");

function printAnswers(name: string, counts: ReadonlyMap<string, number>): void {
  const ofClass = (first: string): number =>
    [...counts].reduce((sum, [kind, number]) => sum + (kind.startsWith(first) ? number : 0), 0);
  const other5xx = ofClass("5") - ofClass("503");
  const cells = [ofClass("2"), ofClass("4"), ofClass("503"), other5xx, ofClass("hanging")];
  const unexpected = [...counts.keys()].filter((kind) => /^5(?!03)/.test(kind));
  console.log(`  ${name.padEnd(22)}${pad(cells, 10)}  ${unexpected.join(", ")}`);
}

/** How long until everybody is served again, without anybody's help. */
async function timeRecovery(witnesses: readonly Witness[], tally: Tally): Promise<number> {
  const startMs = performance.now();
  tally.take();
  while (performance.now() - startMs < recoveryMs) {
    await Promise.all(witnesses.map(({ act }) => act()));
    const kinds = [...tally.take().keys()];
    if (kinds.every((kind) => kind !== "hanging" && !kind.startsWith("5")))
      return performance.now() - startMs;
  }
  return Number.POSITIVE_INFINITY;
}

async function verifyAll(witnesses: readonly Witness[], broken: string[]): Promise<void> {
  console.log(`\n  ${"promise".padEnd(52)}${pad(["attempted", "promised", "broken"], 11)}`);
  for (const { promise, verify } of witnesses) {
    const { attempted, acknowledged, violations } = await verify();
    console.log(`  ${promise.padEnd(52)}${pad([attempted, acknowledged, violations.length], 11)}`);
    broken.push(...violations.slice(0, 5).map((violation) => `${promise}: ${violation}`));
  }
}

const directory = mkdtempSync(join(tmpdir(), "manufacturer-security-chaos-"));
const broken: string[] = [];
const stack = await startStack({
  dataDirectory: directory,
  sourceBudgetFactor: 1000,
  onFailure: () => undefined,
});
try {
  const tally = new Tally();
  const operator = await newOperator(stack);
  const person = (tier: "free" | "enterprise") => newPerson(stack, tally, operator, tier);
  const witnesses = [
    chargeWitness(await person("enterprise"), "product_uploads"),
    chargeWitness(await person("enterprise"), "ml_requests"),
    chargeWitness(await person("enterprise"), "api_calls"),
    keylessWitness(await person("enterprise")),
    quotaWitness(await person("free")),
    memberWitness(await person("enterprise")),
    envelopeWitness(await person("enterprise")),
    sessionWitness(await person("enterprise")),
    replayWitness(await Promise.all(Array.from({ length: phones }, () => person("enterprise")))),
  ];
  tally.take();
  console.log(`\n  ${"phase".padEnd(22)}${pad(["2xx", "4xx", "503", "other 5xx", "hanging"], 10)}`);
  const acting = keepActing(witnesses);
  for (const phase of phases) {
    await runPhase(stack, phase);
    const counts = tally.take();
    printAnswers(phase.name, counts);
    if (counts.has("hanging")) broken.push(`${phase.name}: requests hang`);
  }
  await acting.stop();
  const recoveredMs = await timeRecovery(witnesses, tally);
  console.log(`\n  everybody is served again after ${(recoveredMs / 1000).toFixed(1)} s`);
  if (!Number.isFinite(recoveredMs)) broken.push("the API does not recover");
  await verifyAll(witnesses, broken);
} finally {
  await stack.close();
  rmSync(directory, { recursive: true, force: true });
}
console.log(broken.length === 0 ? "\nall promises were kept" : `\n${broken.join("\n")}`);
process.exit(broken.length === 0 ? 0 : 1);
