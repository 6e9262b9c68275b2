import type { Example } from "./build-examples.ts";

/**
 * Puts whole sources into `count` folds of similar size, the largest first. A fold is evaluated by
 * a model that saw none of its sources; made-up examples (`own:`) are in no fold.
 */
export function makeFolds(
  examples: readonly Example[],
  count: number,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { source } of examples) {
    if (!source.startsWith("own:")) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  }
  const loads = new Array<number>(count).fill(0);
  const folds = new Map<string, number>();
  for (const [source, size] of [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const lightest = loads.indexOf(Math.min(...loads));
    folds.set(source, lightest);
    loads[lightest] = (loads[lightest] as number) + size;
  }
  return folds;
}
