import { median } from "./baseline.ts";

/** A change per unit of time, with its 95 % interval. */
export interface Trend {
  slope: number;
  low: number;
  high: number;
}

const pointsMin = 10;
const z95 = 1.96;

/**
 * The slope of Theil and Sen: the median of the slopes between all pairs of points, which a quarter
 * of wild points does not move. The interval is Sen's, from Kendall's rank statistic. Undefined below
 * ten points.
 */
export function trendOf(
  points: readonly (readonly [at: number, value: number])[],
): Trend | undefined {
  if (points.length < pointsMin) return undefined;
  const slopes: number[] = [];
  for (const [index, [at, value]] of points.entries()) {
    for (const [laterAt, laterValue] of points.slice(index + 1)) {
      if (laterAt !== at) slopes.push((laterValue - value) / (laterAt - at));
    }
  }
  if (slopes.length === 0) return undefined;
  slopes.sort((one, other) => one - other);
  const count = points.length;
  const reach = z95 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (rank: number): number =>
    slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(rank)))] ?? 0;
  return {
    slope: median(slopes),
    low: at((slopes.length - reach) / 2),
    high: at((slopes.length + reach) / 2),
  };
}
