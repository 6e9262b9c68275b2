import type { Estimate } from "./quantile-interval.ts";

/** Four significant digits: more would pretend a precision that the buckets do not have. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

export const roundEstimate = ({ value, low, high }: Estimate): Estimate => ({
  value: rounded(value),
  low: rounded(low),
  ...(high !== undefined && { high: rounded(high) }),
});
