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
