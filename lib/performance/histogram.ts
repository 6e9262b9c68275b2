/** Each bucket is 5 % wider than the one before: its middle is at most 2.44 % from any value in it. */
const growth = 1.05;
const logGrowth = Math.log(growth);
/** Values up to a microsecond share bucket 0: no clock here tells them apart. */
const smallest = 0.001;
/** The last bucket holds 15 minutes in milliseconds, the longest that Lambda runs. */
export const bucketCount = Math.ceil(Math.log(900_000 / smallest) / logGrowth) + 1;

/** The bucket of a value, usually milliseconds, but any positive quantity. */
export function bucketOf(value: number): number {
  // Also catches NaN, which no comparison holds for.
  if (!(value > smallest)) return 0;
  return Math.min(bucketCount - 1, Math.ceil(Math.log(value / smallest) / logGrowth));
}

/** The value that stands for a bucket: as far, relatively, from its lower as from its upper bound. */
export const middleOf = (bucket: number): number =>
  bucket === 0 ? smallest : (smallest * growth ** bucket * 2) / (1 + growth);

/**
 * Counts by logarithmic bucket. Two histograms merge by adding counts, so any window, version or
 * operation can be put together later and still yields exact counts and percentiles within 2.5 %.
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  static from(counts: Iterable<readonly [bucket: number, count: number]>): Histogram {
    const histogram = new Histogram();
    for (const [bucket, count] of counts) histogram.addToBucket(bucket, count);
    return histogram;
  }

  get total(): number {
    return this.#total;
  }

  add(value: number, count = 1): void {
    this.addToBucket(bucketOf(value), count);
  }

  addToBucket(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += count;
  }

  merge(other: Histogram): void {
    for (const [bucket, count] of other.#counts) this.addToBucket(bucket, count);
  }

  /** Buckets with their counts, lowest bucket first. */
  entries(): [bucket: number, count: number][] {
    return [...this.#counts].sort(([one], [other]) => one - other);
  }

  /** The value of the given rank, 1 being the smallest; undefined when there are not that many. */
  valueAtRank(rank: number): number | undefined {
    let seen = 0;
    for (const [bucket, count] of this.entries()) {
      seen += count;
      if (seen >= rank) return middleOf(bucket);
    }
    return undefined;
  }

  /** The smallest value that at least the share `quantile` of all values do not exceed. */
  quantile(quantile: number): number | undefined {
    return this.valueAtRank(Math.max(1, Math.ceil(quantile * this.#total)));
  }

  /** How many values lie above the bucket. */
  countAbove(bucket: number): number {
    let above = 0;
    for (const [index, count] of this.#counts) if (index > bucket) above += count;
    return above;
  }

  mean(): number | undefined {
    if (this.#total === 0) return undefined;
    let sum = 0;
    for (const [bucket, count] of this.#counts) sum += middleOf(bucket) * count;
    return sum / this.#total;
  }

  max(): number | undefined {
    return this.#total === 0 ? undefined : middleOf(Math.max(...this.#counts.keys()));
  }
}
