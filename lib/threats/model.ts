import { inflateRawSync } from "node:zlib";
import { FEATURE_COUNT, GRAM_OFFSET, TOKEN_OFFSET } from "./collect-features.ts";
import { FACT_SPACE } from "./fact-names.ts";
import file from "./model.json" with { type: "json" };
import { THREAT_TYPES } from "./threat-type.ts";

const HEADS = THREAT_TYPES.length;

/** Sums are integers in units of 1/65536, so that adding and removing weights leaves no residue. */
export const UNIT = 65536;

/** A trained model: integer weights, `HEADS` per feature, and per head a bias and a calibration. */
export type Model = {
  weights: Int32Array;
  biases: readonly number[];
  /** Points (score, probability) per head, rising; between them the probability is interpolated. */
  calibration: readonly (readonly (readonly [number, number])[])[];
  threshold: number;
};

/** The committed file: int8 weights, one scale per group of features, deflated (RFC 1951) in base64. */
export type ModelFile = {
  version: string;
  threshold: number;
  biases: readonly number[];
  scales: readonly number[];
  calibration: readonly (readonly (readonly number[])[])[];
  weights: string;
};

function groupOf(feature: number): number {
  if (feature < FACT_SPACE) return 0;
  return feature < GRAM_OFFSET ? 1 : 2;
}

/** Unpacks a model file. Throws when its size does not match this code's features. */
export function readModel(source: ModelFile): Model {
  const bytes = inflateRawSync(Buffer.from(source.weights, "base64"));
  if (bytes.length !== FEATURE_COUNT * HEADS || TOKEN_OFFSET !== FACT_SPACE) {
    throw new Error("the threat model does not match the features of this code: train it again");
  }
  const units = source.scales.map((scale) => Math.round(scale * UNIT));
  const weights = new Int32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const unit = units[groupOf(Math.floor(i / HEADS))] as number;
    weights[i] = bytes.readInt8(i) * unit;
  }
  const calibration = source.calibration.map((points) =>
    points.map((point) => [point[0] as number, point[1] as number] as const),
  );
  const biases = source.biases.map((bias) => Math.round(bias * UNIT));
  return { weights, biases, calibration, threshold: source.threshold };
}

let loaded: Model | undefined;

/** The committed model, unpacked on first use. */
export function loadModel(): Model {
  loaded ??= readModel(file);
  return loaded;
}
