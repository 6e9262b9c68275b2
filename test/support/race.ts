export interface RaceResult<Result> {
  fulfilled: Result[];
  rejected: unknown[];
}

/** Starts `count` runs at the same time and waits for all of them. */
export async function race<Result>(
  count: number,
  run: (index: number) => Promise<Result>,
): Promise<RaceResult<Result>> {
  const results = await Promise.allSettled(Array.from({ length: count }, (_, index) => run(index)));
  return {
    fulfilled: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    rejected: results.flatMap((result): unknown[] =>
      result.status === "rejected" ? [result.reason] : [],
    ),
  };
}

/**
 * Holds everybody who arrives until `count` have: the worst moment for whoever has looked and not yet
 * written. Negative controls use it, so that they fail for certain and not by luck.
 */
export function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived >= count) resolve();
    return promise;
  };
}
