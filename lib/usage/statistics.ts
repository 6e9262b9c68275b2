export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;

/** Simple exponential smoothing; begins at the average of the first week. */
export function exponentialAverage(values: readonly number[], alpha: number): number {
  const start = mean(values.slice(0, 7));
  return values.reduce((level, value) => level + alpha * (value - level), start);
}

/** Standard normal distribution, to 1.5e-7 (Abramowitz and Stegun, formula 7.1.26). */
export function normalCdf(score: number): number {
  const x = Math.abs(score) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-x * x)) / 2;
  return score > 0 ? 1 - tail : tail;
}
