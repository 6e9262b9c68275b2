// Trains the threat model: `node training/train.ts --data DIR [--seed N] [--write]`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Curve } from "../lib/threats/calibrate.ts";
import type { Model } from "../lib/threats/model.ts";
import { readModel } from "../lib/threats/model.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import type { Example } from "./build-examples.ts";
import {
  examplesOfRows,
  generatedAttacks,
  generatedBenign,
  hiddenCopies,
  punctuatedCopies,
  showsFact,
} from "./build-examples.ts";
import type { Judged } from "./evaluate.ts";
import { evasionRates, judge, toSample } from "./evaluate.ts";
import { fitCalibration } from "./fit-calibration.ts";
import type { Heads } from "./fit-heads.ts";
import { fitHeads, scoreExample } from "./fit-heads.ts";
import { RandomSource } from "./generate/random-source.ts";
import { makeFolds } from "./make-folds.ts";
import { packModel } from "./pack-model.ts";
import {
  ATTACK_SHARE,
  printEvasions,
  printRates,
  printReliability,
  printThresholds,
} from "./print-report.ts";
import { readRows } from "./read-rows.ts";

const THRESHOLD = 0.8;
const FOLDS = 5;
const EPOCHS = 10;
const ATTACKS_PER_TYPE = 6000;
const BENIGN_COUNT = 40_000;
/** An attack row no model of other sources recognises at all is taken for a wrong label. */
const NOISE_SCORE = -4;
const EVADED_PER_TYPE = 400;

const started = performance.now();
function log(text: string): void {
  console.log(`[${((performance.now() - started) / 1000).toFixed(0)} s] ${text}`);
}

type Fold = { heads: Heads; examples: Example[] };

function fitFolds(examples: readonly Example[], rows: readonly Example[], seed: number): Fold[] {
  const folds = makeFolds(rows, FOLDS);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const heads = fitHeads(
      examples.filter(({ source }) => folds.get(source) !== fold),
      { epochs: EPOCHS, seed },
    );
    log(`fold ${fold + 1} of ${FOLDS}`);
    return { heads, examples: rows.filter(({ source }) => folds.get(source) === fold) };
  });
}

/** Weighs attacks as `ATTACK_SHARE` of the whole, ordinary text as the rest. */
function weigh<T extends { isAttack: boolean }>(scored: readonly T[]): (T & { weight: number })[] {
  const attacks = scored.filter(({ isAttack }) => isAttack).length;
  const weightOf = (isAttack: boolean) =>
    isAttack ? ATTACK_SHARE / attacks : (1 - ATTACK_SHARE) / (scored.length - attacks);
  return scored.map((one) => ({ ...one, weight: weightOf(one.isAttack) }));
}

/** Calibration of every head on scores by models that never saw the source of the text. */
function calibrate(folds: readonly Fold[], noise: ReadonlySet<Example>): Curve[] {
  return THREAT_TYPES.map((type, head) => {
    const scored = folds.flatMap(({ heads, examples }) =>
      examples
        .filter(({ types }) => types.length === 0 || types.includes(type))
        .map((example) => ({
          score: scoreExample(heads, example.windows, head),
          isAttack: example.types.length > 0,
          isTrusted: showsFact(example) && !noise.has(example),
        })),
    );
    const weighed = weigh(scored);
    const trusted = weighed.filter(({ isTrusted, score }) => isTrusted && Number.isFinite(score));
    return fitCalibration(trusted, weighed);
  });
}

/** Attack rows whose label the models of other sources contradict outright. */
function findNoise(folds: readonly Fold[]): ReadonlySet<Example> {
  const noisy = folds.flatMap(({ heads, examples }) =>
    examples.filter(
      ({ windows, types }) =>
        types.length > 0 &&
        types.every(
          (type) => scoreExample(heads, windows, THREAT_TYPES.indexOf(type)) < NOISE_SCORE,
        ),
    ),
  );
  return new Set(noisy);
}

function modelOf(heads: Heads, curves: readonly Curve[]): Model {
  return readModel(packModel(heads, curves, THRESHOLD, "fold"));
}

function printFoldEvasions(folds: readonly (Fold & { curves: readonly Curve[] })[]): void {
  const columns = THREAT_TYPES.map((type) => {
    const perFold = folds.map(({ heads, curves, examples }) => {
      const attacks = examples.filter(({ types }) => types.includes(type));
      const step = Math.max(1, Math.floor(attacks.length / (EVADED_PER_TYPE / FOLDS)));
      const samples = attacks.filter((_, index) => index % step === 0);
      return { rates: evasionRates(modelOf(heads, curves), samples), count: samples.length };
    });
    const total = perFold.reduce((sum, { count }) => sum + count, 0);
    const names = perFold[0]?.rates.map(([name]) => name) ?? [];
    const rates = names.map((name, index): [string, number] => [
      name,
      perFold.reduce((sum, { rates, count }) => sum + (rates[index]?.[1] ?? 0) * count, 0) / total,
    ]);
    return [type, rates] as const;
  });
  printEvasions(columns);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      seed: { type: "string", default: "7" },
      write: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
    },
  });
  if (values.data === undefined) throw new Error("--data DIR is required");
  const seed = Number(values.seed);
  const all = readRows(values.data);
  const rows = all.filter(({ isPermissive }) => isPermissive);
  const r = new RandomSource(seed);
  const base = examplesOfRows(rows);
  const copies = [...hiddenCopies(rows, 0.35, r), ...punctuatedCopies(rows, 0.5, r)];
  const made = [...generatedAttacks(ATTACKS_PER_TYPE, r), ...generatedBenign(BENIGN_COUNT, r)];
  const examples = [...base, ...copies, ...made];
  const learnable = examples.filter(showsFact);
  log(`${examples.length - learnable.length} attacks without a fact left out`);
  log(`${base.length} rows, ${copies.length} copies, ${made.length} made up`);

  const folds = fitFolds(learnable, base, seed);
  const noise = findNoise(folds);
  const curves = calibrate(folds, noise);
  const heads = fitHeads(
    learnable.filter((example) => !noise.has(example)),
    { epochs: EPOCHS, seed },
  );
  log(`fitted on all sources without ${noise.size} rows taken for wrong labels`);
  const file = packModel(heads, curves, THRESHOLD, `seed ${seed}, ${base.length} rows`);
  if (values.write) {
    const path = join(import.meta.dirname, "../lib/threats/model.json");
    writeFileSync(path, `${JSON.stringify(file)}\n`);
    log(`wrote ${path}`);
  }

  // No curve that judges a row was fitted on scores of its source either.
  const unseen = folds.map((fold) => ({
    ...fold,
    curves: calibrate(
      folds.filter((other) => other !== fold),
      noise,
    ),
  }));
  const left = unseen.flatMap(({ heads: own, curves: apart, examples: rest }): Judged[] =>
    judge(modelOf(own, apart), rest),
  );
  printRates("Leave sources out: every row judged by a model that saw no row of its source", left);
  printReliability("leave sources out", left);
  if (!values.quick) printFoldEvasions(unseen);
  const foreign = judge(
    readModel(file),
    all.filter(({ isPermissive }) => !isPermissive).map(toSample),
  );
  printRates("Sources never trained on (licence), judged by the final model", foreign);
  printReliability("sources never trained on", foreign);
  printThresholds("leave sources out", left);
  printThresholds("sources never trained on", foreign);
  log("done");
}

main();
