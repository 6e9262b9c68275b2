import type { Curve } from "../lib/threats/calibrate.ts";

/** One scored text: its score, whether it is an attack of the class, and its weight in the mix. */
export type Scored = { score: number; isAttack: boolean; weight: number };

type Block = { score: number; rate: number; weight: number; low: number; high: number };

const LOWEST = 0.0001;
const HIGHEST = 0.9999;
const POINTS_MAX = 24;

/** Pool-adjacent-violators: the rising step function nearest to the observed rates. */
function poolBlocks(scored: readonly Scored[]): Block[] {
  const blocks: Block[] = [];
  for (const { score, isAttack, weight } of [...scored].sort((a, b) => a.score - b.score)) {
    blocks.push({ score: score * weight, rate: isAttack ? weight : 0, weight, low: score, high: score });
    for (let last = blocks.length - 1; last > 0; last--) {
      const right = blocks[last] as Block;
      const left = blocks[last - 1] as Block;
      if (left.rate / left.weight < right.rate / right.weight) break;
      blocks.splice(last - 1, 2, {
        score: left.score + right.score,
        rate: left.rate + right.rate,
        weight: left.weight + right.weight,
        low: left.low,
        high: right.high,
      });
    }
  }
  return blocks;
}

/** At most `POINTS_MAX` points of the isotonic fit, strictly rising in both coordinates. */
export function fitCalibration(scored: readonly Scored[]): Curve {
  const blocks = poolBlocks(scored);
  const total = blocks.reduce((sum, block) => sum + block.weight, 0);
  const points: [number, number][] = [];
  for (const block of blocks) {
    const rate = Math.min(HIGHEST, Math.max(LOWEST, block.rate / block.weight));
    const last = points.at(-1);
    const isNew = last === undefined || rate - last[1] > 1 / POINTS_MAX || block.weight > total / 50;
    if (!isNew || (last !== undefined && rate <= last[1])) continue;
    points.push([round(block.score / block.weight), round(rate)]);
  }
  const highest = blocks.at(-1) as Block;
  const last = points.at(-1) as [number, number];
  if (last[1] < HIGHEST) points.push([round(Math.max(highest.low, last[0] + 1)), HIGHEST]);
  return points;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
