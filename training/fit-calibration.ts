import type { Curve } from "../lib/threats/calibrate.ts";

/** One scored text: its score, whether it is an attack of the class, and its weight in the mix. */
export type Scored = { score: number; isAttack: boolean; weight: number };

const LOWEST = 0.0001;
const ITERATIONS = 100;
const POINTS = 33;
const FLOOR_BELOW = 0.1;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type Line = { slope: number; offset: number };

/** Weighted logistic loss of a line; softplus written so that it cannot overflow. */
function lossOf(scored: readonly Scored[], { slope, offset }: Line): number {
  let loss = 0;
  for (const { score, isAttack, weight } of scored) {
    const x = (slope * score + offset) * (isAttack ? -1 : 1);
    loss += weight * (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
  }
  return loss;
}

function newtonStep(scored: readonly Scored[], { slope, offset }: Line): Line {
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
  for (const { score, isAttack, weight } of scored) {
    const p = sigmoid(slope * score + offset);
    const error = (p - (isAttack ? 1 : 0)) * weight;
    const curvature = p * (1 - p) * weight;
    g0 += error * score;
    g1 += error;
    h00 += curvature * score * score;
    h01 += curvature * score;
    h11 += curvature;
  }
  const determinant = h00 * h11 - h01 * h01;
  return {
    slope: (h11 * g0 - h01 * g1) / determinant,
    offset: (h00 * g1 - h01 * g0) / determinant,
  };
}

/** Slope and offset of the logistic curve nearest to the labels: Newton's method, steps halved. */
function fitLogistic(scored: readonly Scored[]): Line {
  let line: Line = { slope: 1, offset: 0 };
  let loss = lossOf(scored, line);
  for (let i = 0; i < ITERATIONS; i++) {
    const step = newtonStep(scored, line);
    let share = 1;
    let next = line;
    let nextLoss = loss;
    for (; share > 1e-4; share /= 2) {
      next = { slope: line.slope - share * step.slope, offset: line.offset - share * step.offset };
      nextLoss = lossOf(scored, next);
      if (nextLoss < loss) break;
    }
    if (!(nextLoss < loss - 1e-9)) return line;
    line = next;
    loss = nextLoss;
  }
  return line;
}

/** Rate of attacks among the texts the curve calls calm, those without any fact included. */
function floorOf(scored: readonly Scored[], { slope, offset }: Line): number {
  const calm = scored.filter(({ score }) => sigmoid(slope * score + offset) < FLOOR_BELOW);
  const sum = (group: readonly Scored[]) => group.reduce((total, { weight }) => total + weight, 0);
  return sum(calm.filter(({ isAttack }) => isAttack)) / sum(calm);
}

/**
 * Platt scaling (a logistic curve over the score), stored as points so that the detector only
 * interpolates. Steps are even in log-odds from 1/10,000 to its complement. The curve is fitted on
 * `trusted`; it does not go below the rate of attacks among the calm texts of `all`, because some
 * attacks show nothing that a detector of one field could see.
 */
export function fitCalibration(trusted: readonly Scored[], all: readonly Scored[]): Curve {
  const { slope, offset } = fitLogistic(trusted);
  const floor = floorOf(all, { slope, offset });
  const end = Math.log((1 - LOWEST) / LOWEST);
  return Array.from({ length: POINTS }, (_, i) => {
    const logOdds = -end + (2 * end * i) / (POINTS - 1);
    return [round((logOdds - offset) / slope), round(Math.max(floor, sigmoid(logOdds)))] as const;
  });
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
