/** Statements sent at the same time: enough to hide their latency, few enough to be no burst. */
const concurrencyMax = 8;

/** Runs the items a few at a time and keeps their order. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += concurrencyMax) {
    results.push(...(await Promise.all(items.slice(start, start + concurrencyMax).map(run))));
  }
  return results;
}
