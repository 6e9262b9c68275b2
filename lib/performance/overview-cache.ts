import type { Clock } from "../clock.ts";

/** Answers by window, each kept as long as the one who computed it says. */
export interface OverviewCache<Value> {
  get(key: string, load: () => Promise<{ value: Value; lifetimeSeconds: number }>): Promise<Value>;
}

/** Concurrent callers share one load; a failed one is not kept. */
export function overviewCache<Value>(now: Clock): OverviewCache<Value> {
  const kept = new Map<string, { value: Value; untilMs: number }>();
  const loading = new Map<string, Promise<Value>>();
  return {
    get(key, load) {
      const entry = kept.get(key);
      if (entry && entry.untilMs > now()) return Promise.resolve(entry.value);
      const running = loading.get(key);
      if (running !== undefined) return running;
      const loaded = load()
        .then(({ value, lifetimeSeconds }) => {
          kept.set(key, { value, untilMs: now() + lifetimeSeconds * 1000 });
          return value;
        })
        .finally(() => loading.delete(key));
      loading.set(key, loaded);
      return loaded;
    },
  };
}
