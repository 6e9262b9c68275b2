import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";

/** Bounds how long a withdrawn key or secret is still accepted by a running environment. */
const lifetimeMs = 60_000;
/** Bounds the reads that made-up key ids can cause: one in this time per environment. */
const lookAgainAfterMs = 5_000;

/**
 * An environment's copy of the platform's keys or secrets, read again after a minute. Whoever asks for
 * one that it lacks may have a newer one: `lookAgain` reads at once, but only once in five seconds.
 */
export function ringCopy<Ring>(load: () => Promise<Ring>, now: Clock) {
  const cache = new ExpiringCache<Ring>({ lifetimeMs, entriesMax: 1, now });
  const read = (fresh = false) => cache.get("ring", load, fresh);
  let lookedAgainAtMs = Number.NEGATIVE_INFINITY;
  return {
    read: () => read(),
    lookAgain() {
      const mayRead = Math.abs(now() - lookedAgainAtMs) >= lookAgainAfterMs;
      if (mayRead) lookedAgainAtMs = now();
      return read(mayRead);
    },
    forget: () => cache.delete("ring"),
  };
}
