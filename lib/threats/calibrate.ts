/** Points (score, probability), both rising. */
export type Curve = readonly (readonly [number, number])[];

/** Probability of a score: linear between the points of the curve, constant beyond its ends. */
export function probabilityOf(curve: Curve, score: number): number {
  const first = curve[0] as readonly [number, number];
  if (score <= first[0]) return first[1];
  for (let i = 1; i < curve.length; i++) {
    const [left, low] = curve[i - 1] as readonly [number, number];
    const [right, high] = curve[i] as readonly [number, number];
    if (score <= right) return low + ((high - low) * (score - left)) / (right - left);
  }
  return (curve[curve.length - 1] as readonly [number, number])[1];
}
