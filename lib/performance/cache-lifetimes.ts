/**
 * Caches whose lifetime may be changed while the product runs. Those of access items, keys and
 * epochs are none of them: how long a sign-out or a revocation takes is a promise, not a setting.
 */
export const tunableCaches = {
  "performance-overview": {
    /** The operation that is served from it. */
    operation: "readPerformanceMetrics",
    defaultSeconds: 10,
    minSeconds: 0,
    maxSeconds: 300,
  },
} as const satisfies Record<string, TunableCache>;

export interface TunableCache {
  operation: string;
  defaultSeconds: number;
  minSeconds: number;
  maxSeconds: number;
}

export type CacheName = keyof typeof tunableCaches;

/** A lifetime as it was last changed. */
export interface CacheSetting {
  cache: CacheName;
  lifetimeSeconds: number;
  /** What a revert goes back to. */
  previousSeconds: number;
  changedAtMs: number;
  /** Rises with every change. */
  revision: number;
}

/** The lifetime in force: the one set, within the cache's bounds, or the default. */
export function lifetimeSecondsOf(cache: CacheName, settings: readonly CacheSetting[]): number {
  const { defaultSeconds, minSeconds, maxSeconds } = tunableCaches[cache];
  const setting = settings.find((candidate) => candidate.cache === cache);
  return Math.max(minSeconds, Math.min(maxSeconds, setting?.lifetimeSeconds ?? defaultSeconds));
}
